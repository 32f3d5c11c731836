package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineEvent;
import org.vitrine.core.storage.DiskImage;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.ErrorPolicy;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/**
 * Drives and their media. A drive's device has the name of the drive, so {@code id} and {@code
 * device} mean the same.
 */
final class BlockCommands {

    private static final Logger LOG = LoggerFactory.getLogger(BlockCommands.class);

    /** What the host says when its disk is full. */
    private static final ObjectType JOB_INFO =
            ObjectType.of("JobInfo", Member.required("id", Builtin.STR, "the job's id"));

    static final Command QUERY_BLOCK =
            Command.qemu("query-block", "list the drives")
                    .returns(BlockReports.BLOCK_INFO.list())
                    .build();

    static final Command QUERY_BLOCKSTATS =
            Command.qemu("query-blockstats", "list what drives have read and written")
                    .mayTake("query-nodes", Builtin.BOOL, "nodes instead of drives")
                    .returns(BlockReports.BLOCK_STATS.list())
                    .build();

    static final Command QUERY_NAMED_BLOCK_NODES =
            Command.qemu("query-named-block-nodes", "list the block nodes that have names")
                    .mayTake("flat", Builtin.BOOL, "without what is below them")
                    .returns(BlockReports.BLOCK_DEVICE_INFO.list())
                    .build();

    static final Command QUERY_BLOCK_JOBS =
            Command.qemu("query-block-jobs", "list the jobs that work on drives")
                    .returns(
                            ObjectType.of(
                                            "BlockJobInfo",
                                            Member.required("device", Builtin.STR, "the job's id"))
                                    .list())
                    .build();

    static final Command QUERY_JOBS =
            Command.qemu("query-jobs", "list the background jobs").returns(JOB_INFO.list()).build();

    static final Command EJECT =
            drive("eject", "eject a drive's medium")
                    .mayTake("force", Builtin.BOOL, "also when the guest has locked it in")
                    .build();

    static final Command OPEN_TRAY =
            drive("blockdev-open-tray", "open a drive's tray")
                    .mayTake("force", Builtin.BOOL, "also when the guest has locked it")
                    .build();

    static final Command CLOSE_TRAY = drive("blockdev-close-tray", "close a drive's tray").build();

    static final Command CHANGE_MEDIUM =
            drive("blockdev-change-medium", "put another medium into a drive")
                    .takes("filename", Builtin.STR, "the image")
                    .mayTake("format", Builtin.STR, "the image's format")
                    .mayTake("force", Builtin.BOOL, "also when the guest has locked the old one in")
                    .mayTake(
                            "read-only-mode",
                            new EnumType(
                                    "BlockdevChangeReadOnlyMode",
                                    List.of("retain", "read-only", "read-write")),
                            "whether the guest may write")
                    .build();

    static final Command INSERT_MEDIUM =
            Command.qemu("blockdev-insert-medium", "put a block node into an open tray")
                    .takes("id", Builtin.STR, "the drive's device")
                    .takes("node-name", Builtin.STR, "the node")
                    .build();

    static final Command REMOVE_MEDIUM =
            Command.qemu("blockdev-remove-medium", "take the medium out of an open tray")
                    .takes("id", Builtin.STR, "the drive's device")
                    .build();

    static final Command BLOCKDEV_DEL =
            Command.qemu("blockdev-del", "remove a block node")
                    .takes("node-name", Builtin.STR, "the node")
                    .build();

    static final Command RESIZE =
            Command.qemu("block_resize", "give a drive's image another size")
                    .mayTake("device", Builtin.STR, "the drive's name")
                    .mayTake("node-name", Builtin.STR, "the node's name; either this or device")
                    .takes("size", Builtin.INT, "bytes")
                    .build();

    private static final EnumType OPERATION =
            new EnumType("IoOperationType", List.of("read", "write"));

    private static final EnumType ACTION =
            new EnumType("BlockErrorAction", List.of("ignore", "report", "stop"));

    static final List<EventKind> EVENTS =
            List.of(
                    new EventKind(
                            "DEVICE_TRAY_MOVED",
                            ObjectType.of(
                                    "DeviceTrayMoved",
                                    Member.required("device", Builtin.STR, "the drive's name"),
                                    Member.required("id", Builtin.STR, "the drive's device"),
                                    Member.required("tray-open", Builtin.BOOL, "where it is now")),
                            "a drive's tray was opened or closed, by the guest or by the host",
                            "QEMU"),
                    new EventKind(
                            "BLOCK_IO_ERROR",
                            ObjectType.of(
                                    "BlockIoError",
                                    Member.required("device", Builtin.STR, "the drive's name"),
                                    Member.optional("node-name", Builtin.STR, "the node's name"),
                                    Member.required("operation", OPERATION, "what failed"),
                                    Member.required("action", ACTION, "report: the guest is told"),
                                    Member.optional(
                                            "nospace", Builtin.BOOL, "the host's disk is full"),
                                    Member.required("reason", Builtin.STR, "what is wrong")),
                            "the host can't read or write an image",
                            "QEMU"));

    static final List<Command> COMMANDS =
            List.of(
                    QUERY_BLOCK,
                    QUERY_BLOCKSTATS,
                    QUERY_NAMED_BLOCK_NODES,
                    QUERY_BLOCK_JOBS,
                    QUERY_JOBS,
                    EJECT,
                    OPEN_TRAY,
                    CLOSE_TRAY,
                    CHANGE_MEDIUM,
                    INSERT_MEDIUM,
                    REMOVE_MEDIUM,
                    BLOCKDEV_DEL,
                    RESIZE);

    private static Command.Builder drive(String name, String help) {
        return Command.qemu(name, help)
                .mayTake("device", Builtin.STR, "the drive's name; either this or id")
                .mayTake("id", Builtin.STR, "the drive's device");
    }

    private final Machine machine;
    private final BlockReports reports = new BlockReports();

    BlockCommands(Machine machine) {
        this.machine = machine;
    }

    void bind(Dispatcher dispatcher) {
        dispatcher.bind(QUERY_BLOCK, call -> drives(reports::drive));
        dispatcher.bind(QUERY_BLOCKSTATS, call -> drives(reports::statistics));
        dispatcher.bind(QUERY_NAMED_BLOCK_NODES, call -> nodes());
        dispatcher.bind(QUERY_BLOCK_JOBS, call -> new JsonArray());
        dispatcher.bind(QUERY_JOBS, call -> new JsonArray());
        dispatcher.bind(EJECT, this::eject);
        dispatcher.bind(OPEN_TRAY, this::openTray);
        dispatcher.bind(CLOSE_TRAY, this::closeTray);
        dispatcher.bind(CHANGE_MEDIUM, this::change);
        dispatcher.bind(INSERT_MEDIUM, this::insert);
        dispatcher.bind(REMOVE_MEDIUM, this::remove);
        dispatcher.bind(RESIZE, this::resize);
        dispatcher.bind(
                BLOCKDEV_DEL,
                call -> {
                    String name = call.string("node-name");
                    throw new CommandException(
                            image(name) == null
                                    ? "Failed to find node with node-name='" + name + "'"
                                    : "Node " + name + " is in use");
                });
    }

    static MonitorEvent event(MachineEvent.TrayMoved moved) {
        JsonObject data = new JsonObject();
        data.addProperty("device", moved.drive().name());
        data.addProperty("tray-open", moved.open());
        data.addProperty("id", moved.drive().name());
        return MonitorEvent.now("DEVICE_TRAY_MOVED", data);
    }

    static MonitorEvent event(MachineEvent.DriveFailed failed) {
        String reason = failed.reason().getMessage();
        JsonObject data = new JsonObject();
        data.addProperty("device", failed.drive().name());
        data.addProperty("operation", failed.write() ? "write" : "read");
        data.addProperty("action", failed.action().word());
        data.addProperty("nospace", ErrorPolicy.isNoSpace(failed.reason()));
        // Some exceptions say all by their names.
        data.addProperty("reason", reason == null ? failed.reason().toString() : reason);
        return MonitorEvent.now("BLOCK_IO_ERROR", data);
    }

    private List<Drive> all() {
        return machine.config().drives().all();
    }

    private boolean attached(Drive drive) {
        return !machine.config().drives().unattached().contains(drive);
    }

    private JsonArray drives(BiFunction<Drive, Boolean, JsonObject> report) {
        JsonArray list = new JsonArray();
        for (Drive drive : all()) {
            list.add(report.apply(drive, attached(drive)));
        }
        return list;
    }

    private JsonArray nodes() {
        JsonArray list = new JsonArray();
        for (Drive drive : all()) {
            for (DiskImage image = drive.image(); image != null; image = image.backing()) {
                list.add(reports.node(image));
            }
        }
        return list;
    }

    private DiskImage image(String nodeName) {
        for (Drive drive : all()) {
            for (DiskImage image = drive.image(); image != null; image = image.backing()) {
                if (reports.nodeName(image).equals(nodeName)) {
                    return image;
                }
            }
        }
        return null;
    }

    private Drive find(String name) {
        for (Drive drive : all()) {
            if (drive.name().equals(name)) {
                return drive;
            }
        }
        return null;
    }

    private Drive drive(Invocation call) throws CommandException {
        if (call.has("device") == call.has("id")) {
            throw new CommandException("Need exactly one of 'device' and 'id'");
        }
        return removable(call.string(call.has("device") ? "device" : "id"));
    }

    private Drive removable(String name) throws CommandException {
        Drive drive = find(name);
        if (drive == null) {
            throw new CommandException(
                    ErrorClass.DEVICE_NOT_FOUND, "Device '" + name + "' not found");
        }
        if (!drive.kind().removable() || !attached(drive)) {
            throw new CommandException("Device '" + name + "' is not removable");
        }
        return drive;
    }

    private static boolean hasTray(Drive drive) {
        return drive.kind() == Drive.Kind.CDROM;
    }

    /** Opens a tray; whether it is open. A guest that has locked it is asked to open it. */
    private boolean open(Drive drive, boolean force) {
        if (!hasTray(drive) || drive.trayOpen()) {
            return true;
        }
        if (drive.locked() && !force) {
            drive.requestEject();
            return false;
        }
        machine.moveTray(drive, true);
        return true;
    }

    private static CommandException locked(Drive drive) {
        return new CommandException(
                "Device '"
                        + drive.name()
                        + "' is locked and force was not specified, wait for tray to open and"
                        + " try again");
    }

    private void exchange(Drive drive, DiskImage medium) {
        DiskImage old = machine.exchangeMedium(drive, medium);
        if (old != null) {
            close(old);
        }
    }

    private static void close(DiskImage image) {
        try {
            image.close();
        } catch (IOException e) {
            LOG.error("what was written last may be lost: {}", e.getMessage(), e);
        }
    }

    private JsonElement eject(Invocation call) throws CommandException {
        Drive drive = drive(call);
        if (!open(drive, call.bool("force", false))) {
            throw locked(drive);
        }
        exchange(drive, null);
        return null;
    }

    private JsonElement openTray(Invocation call) throws CommandException {
        Drive drive = drive(call);
        if (!hasTray(drive)) {
            throw new CommandException("Device '" + drive.name() + "' does not have a tray");
        }
        open(drive, call.bool("force", false));
        return null;
    }

    private JsonElement closeTray(Invocation call) throws CommandException {
        Drive drive = drive(call);
        if (hasTray(drive)) {
            machine.moveTray(drive, false);
        }
        return null;
    }

    private JsonElement change(Invocation call) throws CommandException {
        Drive drive = drive(call);
        String mode = call.string("read-only-mode", "retain");
        boolean readOnly =
                drive.kind() == Drive.Kind.CDROM
                        || mode.equals("read-only")
                        || mode.equals("retain")
                                && drive.image() != null
                                && drive.image().readOnly();
        String word = call.string("format", null);
        ImageFormat format = word == null ? null : ImageFormat.named(word);
        if (word != null && format == null) {
            throw new CommandException("Unknown driver '" + word + "'");
        }
        DiskImage medium;
        try {
            Path file = Path.of(call.string("filename"));
            medium = new ImageRequest(file, format, readOnly, false).open();
        } catch (IOException | InvalidPathException e) {
            throw new CommandException(e.getMessage(), e);
        }
        if (!open(drive, call.bool("force", false))) {
            close(medium);
            throw locked(drive);
        }
        exchange(drive, medium);
        return closeTray(call);
    }

    private JsonElement insert(Invocation call) throws CommandException {
        Drive drive = removable(call.string("id"));
        String name = call.string("node-name");
        if (image(name) == null) {
            throw new CommandException("Node '" + name + "' not found");
        }
        throw new CommandException(
                drive.image() != null
                        ? "There already is a medium in device '" + drive.name() + "'"
                        : "Node '" + name + "' is already in use");
    }

    private JsonElement remove(Invocation call) throws CommandException {
        Drive drive = removable(call.string("id"));
        if (hasTray(drive) && !drive.trayOpen()) {
            throw new CommandException("Tray of device '" + drive.name() + "' is not open");
        }
        exchange(drive, null);
        return null;
    }

    private JsonElement resize(Invocation call) throws CommandException {
        String device = call.string("device", "");
        String node = call.string("node-name", "");
        long size = call.integer("size");
        for (Drive drive : all()) {
            DiskImage image = drive.image();
            if (image != null
                    && (drive.name().equals(device) || reports.nodeName(image).equals(node))) {
                if (size < 0) {
                    throw new CommandException("Parameter 'size' expects a >0 size");
                }
                try {
                    drive.resize(size);
                } catch (IOException e) {
                    throw new CommandException(e.getMessage(), e);
                }
                return null;
            }
        }
        throw new CommandException(
                "Cannot find device='" + device + "' nor node-name='" + node + "'");
    }
}
