package org.vitrine.monitor.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.core.machine.Drives;
import org.vitrine.core.machine.Machine;
import org.vitrine.core.machine.MachineConfig;
import org.vitrine.core.machine.MachineEvent;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.ErrorPolicy;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;
import org.vitrine.monitor.plugin.FrontendHost;
import org.vitrine.monitor.plugin.GuestLink;
import org.vitrine.monitor.plugin.PluginLoader;

/** Drives and media by the monitor's commands; the words of errors were recorded from QEMU 7.2. */
class BlockCommandsTest {

    @TempDir private Path folder;

    private Path disk;
    private Path disc;
    private Drive cdrom;
    private Machine machine;
    private FrontendHost frontends;
    private Monitor monitor;
    private final List<String> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        disk = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
        disc = Files.write(folder.resolve("disc.iso"), new byte[1 << 16]);
        Drive hardDisk =
                new Drive(
                        "ide0-hd0",
                        Drive.Kind.HARD_DISK,
                        new ImageRequest(disk, ImageFormat.RAW, false, true).open());
        cdrom = new Drive("ide1-cd0", Drive.Kind.CDROM, null);
        machine =
                new Machine(
                        MachineConfig.standard()
                                .withMemorySize(4 * MachineConfig.MIB)
                                .withDrives(Drives.NONE.withIde(0, hardDisk).withIde(2, cdrom)));
        frontends = new FrontendHost(new PluginLoader(List.of()), GuestLink.of(machine));
        monitor = new Monitor(machine, frontends);
        monitor.addListener(event -> {
            if (event.name().equals("DEVICE_TRAY_MOVED")) {
                events.add(event.data().get("tray-open").getAsString());
            }
        });
    }

    @AfterEach
    void stop() {
        frontends.close();
        machine.close();
    }

    private JsonElement run(String command, String arguments) throws CommandException {
        return monitor.execute(
                command, JsonParser.parseString(arguments.replace('\'', '"')).getAsJsonObject());
    }

    private void assertFails(String message, String command, String arguments) {
        assertEquals(
                message,
                assertThrows(CommandException.class, () -> run(command, arguments)).getMessage());
    }

    private JsonObject drive(int index) throws CommandException {
        return run("query-block", "{}").getAsJsonArray().get(index).getAsJsonObject();
    }

    private void change(Path file) throws CommandException {
        run("blockdev-change-medium", "{'device':'ide1-cd0','filename':'" + file + "'}");
    }

    @Test
    void drivesAreListedAsQemuListsThem() throws CommandException {
        JsonObject hardDisk = drive(0);
        assertEquals("ide0-hd0", hardDisk.get("device").getAsString());
        assertFalse(hardDisk.get("removable").getAsBoolean());
        JsonObject medium = hardDisk.getAsJsonObject("inserted");
        assertEquals(disk.toString(), medium.get("file").getAsString());
        assertEquals("qcow2", medium.get("drv").getAsString(), "the overlay");
        assertEquals(disk.toString(), medium.get("backing_file").getAsString());
        assertEquals(1 << 20, medium.getAsJsonObject("image").get("virtual-size").getAsInt());
        JsonObject cd = drive(1);
        assertTrue(cd.get("removable").getAsBoolean());
        assertFalse(cd.get("tray_open").getAsBoolean());
        assertFalse(cd.has("inserted"));
        assertEquals(2, run("query-named-block-nodes", "{}").getAsJsonArray().size());
        assertEquals(
                0,
                run("query-blockstats", "{}")
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("stats")
                        .get("rd_bytes")
                        .getAsInt());
    }

    @Test
    void mediaAreChanged() throws CommandException, IOException {
        change(disc);
        assertEquals(List.of("true", "false"), events);
        assertEquals(
                disc.toString(), drive(1).getAsJsonObject("inserted").get("file").getAsString());
        run("eject", "{'device':'ide1-cd0'}");
        assertTrue(drive(1).get("tray_open").getAsBoolean());
        assertFalse(drive(1).has("inserted"));
        // Nobody has it now.
        new ImageRequest(disc, ImageFormat.RAW, false, false).open().close();
        run("blockdev-close-tray", "{'id':'ide1-cd0'}");
        run("blockdev-close-tray", "{'id':'ide1-cd0'}");
        assertEquals(List.of("true", "false", "true", "false"), events);
    }

    @Test
    void theOldMediumStaysWhenTheNewOneIsNotThere() throws CommandException {
        change(disc);
        Path missing = folder.resolve("missing.iso");
        assertFails(
                "Could not open '" + missing + "': No such file or directory",
                "blockdev-change-medium",
                "{'device':'ide1-cd0','filename':'" + missing + "'}");
        assertFails(
                "Unknown driver 'foo'",
                "blockdev-change-medium",
                "{'device':'ide1-cd0','filename':'" + disc + "','format':'foo'}");
        assertTrue(drive(1).has("inserted"));
        assertFalse(drive(1).get("tray_open").getAsBoolean());
    }

    @Test
    void aGuestThatHasLockedItsDriveIsAsked() throws CommandException {
        change(disc);
        machine.call(() -> {
            cdrom.setLocked(true);
            return null;
        });
        assertFails(
                "Device 'ide1-cd0' is locked and force was not specified, wait for tray to open and"
                        + " try again",
                "eject",
                "{'device':'ide1-cd0'}");
        assertTrue(cdrom.takeEjectRequest());
        run("blockdev-open-tray", "{'device':'ide1-cd0'}");
        assertFalse(cdrom.trayOpen());
        run("eject", "{'device':'ide1-cd0','force':true}");
        assertTrue(cdrom.trayOpen());
    }

    @Test
    void whatCannotBeDoneIsSaidAsQemuSaysIt() throws CommandException {
        assertFails("Need exactly one of 'device' and 'id'", "eject", "{}");
        assertFails("Device 'nope' not found", "eject", "{'device':'nope'}");
        assertFails("Device 'ide0-hd0' is not removable", "eject", "{'device':'ide0-hd0'}");
        assertFails(
                "Device 'ide0-hd0' is not removable",
                "blockdev-change-medium",
                "{'device':'ide0-hd0','filename':'x'}");
        change(disc);
        assertFails(
                "Tray of device 'ide1-cd0' is not open",
                "blockdev-remove-medium",
                "{'id':'ide1-cd0'}");
        assertFails(
                "Node 'zzz' not found",
                "blockdev-insert-medium",
                "{'id':'ide1-cd0','node-name':'zzz'}");
        assertFails(
                "Cannot find device='nope' nor node-name=''",
                "block_resize",
                "{'device':'nope','size':512}");
    }

    @Test
    void anErrorOfTheHostIsTold() {
        Drive hardDisk = machine.config().drives().all().getFirst();
        MonitorEvent event =
                BlockCommands.event(
                        new MachineEvent.DriveFailed(
                                hardDisk,
                                true,
                                ErrorPolicy.Choice.STOP,
                                new IOException("disk.img: No space left on device")));
        assertEquals("BLOCK_IO_ERROR", event.name());
        assertEquals(
                JsonParser.parseString(
                        """
                        {"device": "ide0-hd0", "operation": "write", "action": "stop",
                         "nospace": true, "reason": "disk.img: No space left on device"}
                        """),
                event.data());
        event =
                BlockCommands.event(
                        new MachineEvent.DriveFailed(
                                cdrom, false, ErrorPolicy.Choice.REPORT, new IOException("gone")));
        assertEquals(
                JsonParser.parseString(
                        "{'device': 'ide1-cd0', 'operation': 'read', 'action': 'report',"
                                + " 'nospace': false, 'reason': 'gone'}"),
                event.data());
        event =
                BlockCommands.event(
                        new MachineEvent.DriveFailed(
                                hardDisk,
                                false,
                                ErrorPolicy.Choice.REPORT,
                                new ClosedChannelException()));
        assertEquals(
                "java.nio.channels.ClosedChannelException",
                event.data().get("reason").getAsString());
    }

    @Test
    void disksGrow() throws CommandException {
        run("block_resize", "{'device':'ide0-hd0','size':2097152}");
        assertEquals(
                2 << 20,
                drive(0).getAsJsonObject("inserted")
                        .getAsJsonObject("image")
                        .get("virtual-size")
                        .getAsInt());
    }

    @Test
    void peopleReadOfDrives() throws CommandException {
        change(disc);
        String words = BlockReports.words(run("query-block", "{}")).replaceAll("#block\\d+", "#");
        assertEquals(
                """
                ide0-hd0 (#): %s (qcow2)
                    Attached to:      ide0-hd0
                    Cache mode:       writeback
                    Backing file:     %s (chain depth: 1)

                ide1-cd0 (#): %s (raw, read-only)
                    Attached to:      ide1-cd0
                    Removable device: not locked, tray closed
                    Cache mode:       writeback
                """
                        .formatted(disk, disk, disc),
                words);
    }
}
