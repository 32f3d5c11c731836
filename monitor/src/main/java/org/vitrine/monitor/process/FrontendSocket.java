package org.vitrine.monitor.process;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.memory.ProcessIdentity;
import org.vitrine.monitor.command.Monitor;
import org.vitrine.monitor.qmp.QmpServer;

/**
 * The socket at which frontends in processes of their own connect: {@code PREFIX.sock}. Without a
 * prefix it lies in a folder of its own under the temporary folder, which nobody else may enter and
 * which goes with it; a folder that a killed emulator has left is removed by the next one.
 */
public final class FrontendSocket implements AutoCloseable {

    /** What is added to the prefix. */
    public static final String SUFFIX = ".sock";

    private static final Logger LOG = LoggerFactory.getLogger(FrontendSocket.class);
    private static final String FOLDER = "vitrine-frontends-";
    private static final Pattern FOLDER_NAME = Pattern.compile(FOLDER + "(\\d+)-(\\d+)-(\\d+)");
    private static final String OWN_PREFIX = "v";

    private final Path prefix;
    private final Path folder;
    private final QmpServer server;

    private FrontendSocket(Monitor monitor, Path prefix, Path folder) throws IOException {
        this.prefix = prefix;
        this.folder = folder;
        this.server = QmpServer.forFrontends(monitor, address(prefix));
    }

    /** Listens at {@code PREFIX.sock}. */
    public static FrontendSocket at(Monitor monitor, Path prefix) throws IOException {
        return new FrontendSocket(monitor, prefix.toAbsolutePath(), null);
    }

    /** Listens in a folder of its own. */
    public static FrontendSocket inOwnFolder(Monitor monitor) throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        removeLeftOvers(temporary);
        Path folder = makeFolder(temporary);
        try {
            return new FrontendSocket(monitor, folder.resolve(OWN_PREFIX), folder);
        } catch (IOException e) {
            Files.deleteIfExists(folder);
            throw e;
        }
    }

    /** The address of a prefix. */
    static UnixDomainSocketAddress address(Path prefix) {
        return UnixDomainSocketAddress.of(prefix.resolveSibling(prefix.getFileName() + SUFFIX));
    }

    private static Path makeFolder(Path temporary) throws IOException {
        ProcessIdentity own = ProcessIdentity.current();
        for (int number = 0; ; number++) {
            String name = FOLDER + own.pid() + "-" + own.startTime() + "-" + number;
            try {
                return Files.createDirectory(
                        temporary.resolve(name),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                LOG.debug("another machine of this process has {}", name);
            }
        }
    }

    private static void removeLeftOvers(Path temporary) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(temporary, FOLDER + "*")) {
            for (Path folder : found) {
                Matcher name = FOLDER_NAME.matcher(folder.getFileName().toString());
                if (name.matches() && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                    long pid = Long.parseLong(name.group(1));
                    if (!new ProcessIdentity(pid, Long.parseLong(name.group(2))).alive()) {
                        Files.deleteIfExists(folder.resolve(OWN_PREFIX + SUFFIX));
                        Files.deleteIfExists(folder);
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Another user's, most likely.
            LOG.debug("a left-over folder could not be removed", e);
        }
    }

    /** What {@code vitrine frontend --attach} takes. */
    public Path prefix() {
        return prefix;
    }

    @Override
    public void close() {
        server.close();
        if (folder != null) {
            try {
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                LOG.warn("{} could not be removed", folder, e);
            }
        }
    }
}
