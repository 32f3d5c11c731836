package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import org.vitrine.monitor.command.CommandException.ErrorClass;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/**
 * Drives and their media. The machine has none yet, so lists are empty, and a command that names a
 * drive is answered as QEMU answers for a drive that is not there.
 */
final class BlockCommands {

    private static final ObjectType BLOCK_INFO =
            ObjectType.of(
                    "BlockInfo",
                    Member.required("device", Builtin.STR, "the drive's name"),
                    Member.optional("qdev", Builtin.STR, "its device's path"),
                    Member.required("type", Builtin.STR, "as QEMU says: unknown"),
                    Member.required("removable", Builtin.BOOL, "whether the medium can be changed"),
                    Member.required("locked", Builtin.BOOL, "whether the guest has locked it in"),
                    Member.optional("tray_open", Builtin.BOOL, "whether the tray is open"));

    private static final ObjectType BLOCK_STATS =
            ObjectType.of(
                    "BlockStats",
                    Member.optional("device", Builtin.STR, "the drive's name"),
                    Member.optional("node-name", Builtin.STR, "the node's name"));

    private static final ObjectType BLOCK_DEVICE_INFO =
            ObjectType.of(
                    "BlockDeviceInfo",
                    Member.required("file", Builtin.STR, "the image"),
                    Member.optional("node-name", Builtin.STR, "the node's name"),
                    Member.required("ro", Builtin.BOOL, "whether it is read only"),
                    Member.required("drv", Builtin.STR, "the image's format"));

    private static final ObjectType JOB_INFO =
            ObjectType.of("JobInfo", Member.required("id", Builtin.STR, "the job's id"));

    static final Command QUERY_BLOCK =
            Command.qemu("query-block", "list the drives").returns(BLOCK_INFO.list()).build();

    static final Command QUERY_BLOCKSTATS =
            Command.qemu("query-blockstats", "list what drives have read and written")
                    .mayTake("query-nodes", Builtin.BOOL, "nodes instead of drives")
                    .returns(BLOCK_STATS.list())
                    .build();

    static final Command QUERY_NAMED_BLOCK_NODES =
            Command.qemu("query-named-block-nodes", "list the block nodes that have names")
                    .mayTake("flat", Builtin.BOOL, "without what is below them")
                    .returns(BLOCK_DEVICE_INFO.list())
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
                    BLOCKDEV_DEL);

    private static Command.Builder drive(String name, String help) {
        return Command.qemu(name, help)
                .mayTake("device", Builtin.STR, "the drive's name; either this or id")
                .mayTake("id", Builtin.STR, "the drive's device");
    }

    void bind(Dispatcher dispatcher) {
        for (Command query :
                List.of(
                        QUERY_BLOCK,
                        QUERY_BLOCKSTATS,
                        QUERY_NAMED_BLOCK_NODES,
                        QUERY_BLOCK_JOBS,
                        QUERY_JOBS)) {
            dispatcher.bind(query, call -> new JsonArray());
        }
        for (Command command : List.of(EJECT, OPEN_TRAY, CLOSE_TRAY, CHANGE_MEDIUM)) {
            dispatcher.bind(command, BlockCommands::absentDrive);
        }
        for (Command command : List.of(INSERT_MEDIUM, REMOVE_MEDIUM)) {
            dispatcher.bind(command, call -> absent(call.string("id")));
        }
        dispatcher.bind(
                BLOCKDEV_DEL,
                call -> {
                    throw new CommandException(
                            "Failed to find node with node-name='"
                                    + call.string("node-name")
                                    + "'");
                });
    }

    private static JsonElement absentDrive(Invocation call) throws CommandException {
        if (call.has("device") == call.has("id")) {
            throw new CommandException("Need exactly one of 'device' and 'id'");
        }
        return absent(call.string(call.has("device") ? "device" : "id"));
    }

    private static JsonObject absent(String name) throws CommandException {
        throw new CommandException(ErrorClass.DEVICE_NOT_FOUND, "Device '" + name + "' not found");
    }
}
