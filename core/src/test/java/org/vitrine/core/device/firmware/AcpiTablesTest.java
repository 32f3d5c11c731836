package org.vitrine.core.device.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.PhysicalMemory;

/** The tables after the loader's commands were done, as firmware does them. */
final class AcpiTablesTest {

    private static final int TABLES_ADDRESS = 0x7FF_0000;
    private static final int RSDP_ADDRESS = 0xF_5000;

    private final PortSpace ports = new PortSpace();
    private final FwCfg fwCfg = new FwCfg(new PhysicalMemory());
    private final Map<String, ByteBuffer> files = new HashMap<>();
    private final Map<String, Integer> addresses = new HashMap<>();

    private void load(boolean apic, boolean hpet) {
        AcpiTables.store(
                new AcpiTables.Board(
                        0x800_0000L,
                        0xFEC0_0000L,
                        0x600,
                        0xB2,
                        0xF1,
                        0xF0,
                        Set.of(0, 2),
                        apic,
                        hpet),
                fwCfg);
        fwCfg.claimPorts(ports);
        ByteBuffer commands = file("etc/table-loader").order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < commands.capacity(); at += 128) {
            ByteBuffer operands = commands.slice(at + 4, 124).order(ByteOrder.LITTLE_ENDIAN);
            switch (commands.getInt(at)) {
                case 1 -> allocate(name(operands, 0), operands.get(60));
                case 2 -> addPointer(name(operands, 0), name(operands, 56), operands.getInt(112));
                case 3 ->
                        addChecksum(
                                name(operands, 0),
                                operands.getInt(56),
                                operands.getInt(60),
                                operands.getInt(64));
                default -> throw new AssertionError("no command: " + commands.getInt(at));
            }
        }
    }

    private static String name(ByteBuffer operands, int at) {
        byte[] bytes = new byte[56];
        operands.get(at, bytes);
        return new String(bytes, StandardCharsets.US_ASCII).replaceAll("\0.*", "");
    }

    private ByteBuffer file(String name) {
        ByteBuffer directory = read(0x19, 4);
        int count = directory.getInt();
        ByteBuffer entries = read(0x19, 4 + 64 * count);
        for (int i = 0; i < count; i++) {
            ByteBuffer entry = entries.slice(4 + 64 * i, 64);
            if (name(entry, 8).equals(name)) {
                return read(entry.getShort(4), entry.getInt(0));
            }
        }
        throw new AssertionError("there is no file " + name);
    }

    private ByteBuffer read(int key, int size) {
        ports.write(0x510, 2, key);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ports.read(0x511, 1);
        }
        return ByteBuffer.wrap(bytes);
    }

    private void allocate(String name, int zone) {
        files.put(name, file(name).order(ByteOrder.LITTLE_ENDIAN));
        addresses.put(name, zone == 2 ? RSDP_ADDRESS : TABLES_ADDRESS);
    }

    private void addPointer(String in, String to, int offset) {
        ByteBuffer file = files.get(in);
        file.putInt(offset, file.getInt(offset) + addresses.get(to));
    }

    private void addChecksum(String in, int at, int start, int length) {
        ByteBuffer file = files.get(in);
        file.put(at, (byte) 0);
        file.put(at, (byte) -sum(file, start, length));
    }

    private static int sum(ByteBuffer file, int start, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += file.get(start + i);
        }
        return sum & 0xFF;
    }

    private ByteBuffer tableAt(int address) {
        ByteBuffer tables = files.get("etc/acpi/tables");
        int at = address - TABLES_ADDRESS;
        int length = tables.getInt(at + 4);
        return tables.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String signature(ByteBuffer table) {
        byte[] bytes = new byte[4];
        table.get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private List<ByteBuffer> tables() {
        ByteBuffer rsdp = files.get("etc/acpi/rsdp");
        assertEquals(0, sum(rsdp, 0, 20));
        ByteBuffer rsdt = tableAt(rsdp.getInt(16));
        assertEquals("RSDT", signature(rsdt));
        assertEquals(0, sum(rsdt, 0, rsdt.capacity()));
        List<ByteBuffer> tables = new ArrayList<>();
        for (int at = 36; at < rsdt.capacity(); at += 4) {
            ByteBuffer table = tableAt(rsdt.getInt(at));
            assertEquals(0, sum(table, 0, table.capacity()), signature(table));
            tables.add(table);
        }
        return tables;
    }

    @Test
    void theRootListsWhatTheBoardHas() {
        load(true, true);
        assertEquals(
                List.of("FACP", "APIC", "HPET"),
                tables().stream().map(AcpiTablesTest::signature).toList());
    }

    @Test
    void withoutApicsAndHpetTheirTablesAreMissing() {
        load(false, false);
        assertEquals(List.of("FACP"), tables().stream().map(AcpiTablesTest::signature).toList());
    }

    @Test
    void theFixedTableLeadsToTheOthersAndToTheRegisters() {
        load(false, false);
        ByteBuffer fadt = tables().getFirst();
        ByteBuffer facs = tableAt(fadt.getInt(36));
        assertEquals("FACS", signature(facs));
        assertEquals(0, fadt.getInt(36) % 64);
        ByteBuffer dsdt = tableAt(fadt.getInt(40));
        assertEquals("DSDT", signature(dsdt));
        assertEquals(0, sum(dsdt, 0, dsdt.capacity()));
        assertEquals(9, fadt.getShort(46));
        assertEquals(0x600, fadt.getInt(56));
        assertEquals(0x604, fadt.getInt(64));
        assertEquals(0x608, fadt.getInt(76));
    }

    @Test
    void onlySerialPortsThatExistAreDevices() {
        load(false, false);
        String dsdt =
                new String(
                        tableAt(tables().getFirst().getInt(40)).array(),
                        StandardCharsets.ISO_8859_1);
        assertEquals(
                List.of(true, false, true, false),
                Arrays.stream(new String[] {"COM1", "COM2", "COM3", "COM4"})
                        .map(dsdt::contains)
                        .toList());
        assertTrue(dsdt.contains("_S5_"));
    }

    @Test
    void lengthsOfPackagesAreEncodedInAsManyBytesAsTheyNeed() {
        // A buffer of so many bytes, with the bytes of its length and of its size.
        for (int[] expected : new int[][] {{10, 1}, {58, 1}, {60, 2}, {4000, 2}, {5000, 3}}) {
            byte[] term = Aml.scope("X", new byte[expected[0]]);
            int first = term[1] & 0xFF;
            int bytes = 1 + (first >>> 6);
            int length = bytes == 1 ? first & 0x3F : first & 0x0F;
            for (int i = 1; i < bytes; i++) {
                length |= (term[1 + i] & 0xFF) << 4 + 8 * (i - 1);
            }
            assertEquals(expected[1], bytes);
            assertEquals(term.length - 1, length);
        }
    }
}
