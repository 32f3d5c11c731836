package org.vitrine.core.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which image is wanted, and how.
 *
 * @param format null to look at the file for it
 * @param readOnly whether the guest may not write; the file need not be writable then
 * @param snapshot whether what the guest writes is forgotten in the end; the file need not be
 *     writable then
 */
public record ImageRequest(Path file, ImageFormat format, boolean readOnly, boolean snapshot) {

    private static final Logger LOG = LoggerFactory.getLogger(ImageRequest.class);

    /** An image that the guest may write to, its format looked for. */
    public static ImageRequest of(Path file) {
        return new ImageRequest(file, null, false, false);
    }

    public ImageRequest asReadOnly() {
        return new ImageRequest(file, format, true, snapshot);
    }

    /**
     * Opens the image and locks its files until it is closed.
     *
     * @throws IOException when that can't be done; the message is one line for a person and names
     *     the file
     */
    public DiskImage open() throws IOException {
        if (!snapshot) {
            return open(file, format, !readOnly, new HashSet<>());
        }
        DiskImage base = open(file, format, false, new HashSet<>());
        try {
            ImageFile overlay = ImageFile.temporary(file);
            return new Qcow2Image(overlay, Qcow2Image.create(overlay, base.size()), base);
        } catch (IOException e) {
            base.close();
            throw e;
        }
    }

    private static DiskImage open(
            Path path, ImageFormat format, boolean writable, Set<Object> chain) throws IOException {
        ImageFile file = ImageFile.open(path, writable, chain);
        boolean opened = false;
        try {
            DiskImage image =
                    switch (format == null ? probe(file) : format) {
                        case RAW -> new RawImage(file, format == null);
                        case QCOW2 -> openQcow2(file, chain);
                    };
            opened = true;
            return image;
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    private static ImageFormat probe(ImageFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ImageFormat.PROBED);
        int length = file.readSome(0, bytes);
        byte[] beginning = Arrays.copyOf(bytes.array(), length);
        String foreign = ImageFormat.foreign(beginning);
        if (foreign != null) {
            throw new IOException(
                    file.path()
                            + " is a "
                            + foreign
                            + " image; Vitrine has "
                            + ImageFormat.words()
                            + ": 'qemu-img convert -O qcow2' makes one of it");
        }
        ImageFormat format = ImageFormat.probe(beginning);
        if (format == ImageFormat.RAW && file.writable()) {
            LOG.warn(
                    "the format of {} was not given, and it looks raw: the guest may not write"
                            + " another format's header to its first sector; format=raw says that"
                            + " it is meant so",
                    file.path());
        }
        return format;
    }

    private static DiskImage openQcow2(ImageFile file, Set<Object> chain) throws IOException {
        Qcow2Header header = Qcow2Header.read(file);
        DiskImage backing = openBacking(file, header, chain);
        boolean opened = false;
        try {
            DiskImage image = new Qcow2Image(file, header, backing);
            opened = true;
            return image;
        } finally {
            if (!opened && backing != null) {
                backing.close();
            }
        }
    }

    private static DiskImage openBacking(ImageFile file, Qcow2Header header, Set<Object> chain)
            throws IOException {
        String name = header.backingFile();
        if (name == null) {
            return null;
        }
        if (name.startsWith("json:") || name.matches("[a-z]+:.*") && !name.startsWith("file:")) {
            throw new IOException(
                    file.path() + " has the backing file '" + name + "', which is no local file");
        }
        ImageFormat format = null;
        if (header.backingFormat() != null) {
            format = ImageFormat.named(header.backingFormat());
            if (format == null) {
                throw new IOException(
                        file.path()
                                + " has a backing file of the format '"
                                + header.backingFormat()
                                + "'; Vitrine has "
                                + ImageFormat.words());
            }
        }
        Path path;
        try {
            path = file.path().resolveSibling(name.startsWith("file:") ? name.substring(5) : name);
        } catch (InvalidPathException e) {
            throw Qcow2Header.corrupt(file, "its backing file's name is no name");
        }
        try {
            return open(path, format, false, chain);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + " (the backing file of " + file.path() + ")", e);
        }
    }
}
