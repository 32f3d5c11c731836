package org.vitrine.core.device.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ACPI tables of the machine (ACPI specification 2.0, chapter 5), as files for firmware that
 * puts them into memory by the commands of {@code etc/table-loader}: QEMU's
 * hw/acpi/bios-linker-loader.c says what these are.
 */
public final class AcpiTables {

    private static final String TABLES = "etc/acpi/tables";
    private static final String RSDP = "etc/acpi/rsdp";
    private static final String LOADER = "etc/table-loader";

    private static final int HEADER_SIZE = 36;
    private static final int CHECKSUM = 9;
    private static final int FACS_ALIGNMENT = 64;

    private static final int LOADER_ENTRY_SIZE = 128;
    private static final int FILE_NAME_SIZE = 56;
    private static final int ALLOCATE = 1;
    private static final int ADD_POINTER = 2;
    private static final int ADD_CHECKSUM = 3;
    private static final int HIGH_MEMORY = 1;
    private static final int BELOW_1M = 2;

    private static final int FADT_SIZE = 244;
    private static final int FADT_FACS = 36;
    private static final int FADT_DSDT = 40;
    private static final int FADT_X_PM1_EVENT = 148;

    private static final int RSDP_SIZE = 20;
    private static final int RSDP_CHECKSUM = 8;
    private static final int RSDP_RSDT = 16;

    private static final int IO_SPACE = 1;

    private final Board board;
    private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
    private final List<ByteBuffer> commands = new ArrayList<>();
    private final List<Integer> listed = new ArrayList<>();

    /**
     * What the tables tell of.
     *
     * @param holeStart the first address for PCI below 4 GiB
     * @param holeEnd the address behind the last
     * @param pmBase the first port of the PIIX4's ACPI registers, where firmware puts them
     * @param smiCommand the port by which ACPI is switched on and off
     * @param enable what is written there to switch it on
     * @param disable and off
     * @param serialPorts which of the four usual serial ports there are, by number from 0
     * @param apic whether there are a local APIC and an I/O APIC at their usual places
     * @param hpet whether there is a HPET at its usual place
     */
    public record Board(
            long holeStart,
            long holeEnd,
            int pmBase,
            int smiCommand,
            int enable,
            int disable,
            Set<Integer> serialPorts,
            boolean apic,
            boolean hpet) {}

    private AcpiTables(Board board) {
        this.board = board;
    }

    /** Adds the tables of a board to the files. */
    public static void store(Board board, FwCfg files) {
        new AcpiTables(board).store(files);
    }

    private void store(FwCfg files) {
        command(ALLOCATE).put(file(RSDP)).putInt(16).put((byte) BELOW_1M);
        command(ALLOCATE).put(file(TABLES)).putInt(FACS_ALIGNMENT).put((byte) HIGH_MEMORY);
        int facs = add(facs());
        int dsdt = add(table("DSDT", 1, dsdt()));
        addFadt(facs, dsdt);
        if (board.apic()) {
            addListed(table("APIC", 1, madt()));
        }
        if (board.hpet()) {
            addListed(table("HPET", 1, hpet()));
        }
        int rsdt = addRsdt();
        ByteBuffer rsdp = little(RSDP_SIZE);
        rsdp.put("RSD PTR ".getBytes(StandardCharsets.US_ASCII));
        rsdp.position(RSDP_CHECKSUM + 1).put(ascii("VITRIN", 6));
        rsdp.putInt(RSDP_RSDT, rsdt);
        pointer(RSDP, RSDP_RSDT, TABLES);
        checksum(RSDP, RSDP_CHECKSUM, 0, RSDP_SIZE);
        files.putFile(RSDP, rsdp.array());
        files.putFile(TABLES, tables.toByteArray());
        files.putFile(LOADER, loaderEntries());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] ascii(String text, int size) {
        return (text + " ".repeat(size)).substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] file(String name) {
        return Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), FILE_NAME_SIZE);
    }

    /** An entry for the loader, whose operands follow. */
    private ByteBuffer command(int number) {
        ByteBuffer entry = little(LOADER_ENTRY_SIZE).putInt(number);
        commands.add(entry);
        return entry;
    }

    private void pointer(String in, int offset, String to) {
        command(ADD_POINTER).put(file(in)).put(file(to)).putInt(offset).put((byte) 4);
    }

    private void checksum(String in, int at, int start, int length) {
        command(ADD_CHECKSUM).put(file(in)).putInt(at).putInt(start).putInt(length);
    }

    private byte[] loaderEntries() {
        ByteArrayOutputStream loader = new ByteArrayOutputStream();
        commands.forEach(entry -> loader.writeBytes(entry.array()));
        return loader.toByteArray();
    }

    private int add(byte[] table) {
        int at = tables.size();
        tables.writeBytes(table);
        return at;
    }

    private void addListed(byte[] table) {
        listed.add(add(table));
    }

    /** A table with its header; the sum of its bytes is zero. */
    private static byte[] table(String signature, int revision, byte[] content) {
        ByteBuffer table = little(HEADER_SIZE + content.length);
        table.put(ascii(signature, 4)).putInt(table.capacity()).put((byte) revision).put((byte) 0);
        table.put(ascii("VITRIN", 6)).put(ascii("VITRINE", 8)).putInt(1);
        table.put(ascii("VITR", 4)).putInt(1).put(content);
        int sum = 0;
        for (byte b : table.array()) {
            sum += b;
        }
        table.put(CHECKSUM, (byte) -sum);
        return table.array();
    }

    private static byte[] facs() {
        return little(FACS_ALIGNMENT).put(ascii("FACS", 4)).putInt(FACS_ALIGNMENT).array();
    }

    private void addFadt(int facs, int dsdt) {
        int pm = board.pmBase();
        ByteBuffer fadt = little(FADT_SIZE - HEADER_SIZE);
        fadt.putInt(facs).putInt(dsdt).put((byte) 1).put((byte) 0).putShort((short) 9);
        fadt.putInt(board.smiCommand());
        fadt.put((byte) board.enable()).put((byte) board.disable());
        fadt.putShort((short) 0);
        // PM1 event and control, PM2 control, timer, general purpose events.
        fadt.putInt(pm).putInt(0).putInt(pm + 4).putInt(0).putInt(0).putInt(pm + 8);
        fadt.putInt(pm + 12).putInt(0);
        fadt.put(new byte[] {4, 2, 0, 4, 4, 0, 0, 0});
        // C2 and C3 take so long that they don't exist.
        fadt.putShort((short) 0xFFF).putShort((short) 0xFFF).putInt(0);
        // The day and century registers of the clock's RAM.
        fadt.put(new byte[] {0, 0, 0, 0, 0x32});
        // Legacy devices, 8042.
        fadt.putShort((short) 3).put((byte) 0);
        // WBINVD, C1, no sleep button, the clock's alarm is no fixed event, reset register.
        fadt.putInt(1 | 1 << 2 | 1 << 5 | 1 << 6 | 1 << 10);
        generic(fadt, 0xCF9, 8).put((byte) 6);
        fadt.position(FADT_X_PM1_EVENT - HEADER_SIZE);
        generic(fadt, pm, 32);
        fadt.position(fadt.position() + 12);
        generic(fadt, pm + 4, 16);
        fadt.position(fadt.position() + 24);
        generic(fadt, pm + 8, 32);
        generic(fadt, pm + 12, 32);
        byte[] table = table("FACP", 3, fadt.array());
        int at = add(table);
        listed.add(at);
        pointer(TABLES, at + FADT_FACS, TABLES);
        pointer(TABLES, at + FADT_DSDT, TABLES);
        checksum(TABLES, at + CHECKSUM, at, table.length);
    }

    /** A register in the I/O space, as a generic address structure. */
    private static ByteBuffer generic(ByteBuffer out, int port, int bits) {
        return out.put((byte) IO_SPACE).put((byte) bits).putShort((short) 0).putLong(port);
    }

    private int addRsdt() {
        ByteBuffer entries = little(4 * listed.size());
        listed.forEach(entries::putInt);
        byte[] table = table("RSDT", 1, entries.array());
        int at = add(table);
        for (int i = 0; i < listed.size(); i++) {
            pointer(TABLES, at + HEADER_SIZE + 4 * i, TABLES);
        }
        checksum(TABLES, at + CHECKSUM, at, table.length);
        return at;
    }

    /** One processor, one I/O APIC; IRQ 0 is its input 2, IRQ 9 and those of PCI are levels. */
    private static byte[] madt() {
        ByteBuffer madt = little(8 + 8 + 12 + 10 * 5 + 6);
        madt.putInt(0xFEE0_0000).putInt(1);
        madt.put(new byte[] {0, 8, 0, 0}).putInt(1);
        madt.put(new byte[] {1, 12, 0, 0}).putInt(0xFEC0_0000).putInt(0);
        override(madt, 0, 2, 0);
        for (int irq : new int[] {5, 9, 10, 11}) {
            override(madt, irq, irq, 0x0D);
        }
        madt.put(new byte[] {4, 6, (byte) 0xFF, 0, 0, 1});
        return madt.array();
    }

    private static void override(ByteBuffer madt, int irq, int input, int flags) {
        madt.put(new byte[] {2, 10, 0, (byte) irq}).putInt(input).putShort((short) flags);
    }

    private static byte[] hpet() {
        ByteBuffer hpet = little(20);
        hpet.putInt(0x8086_A201).put((byte) 0).put((byte) 0).putShort((short) 0);
        hpet.putLong(0xFED0_0000L).put((byte) 0).putShort((short) 0).put((byte) 0);
        return hpet.array();
    }

    private byte[] dsdt() {
        return Aml.join(
                Aml.name("\\_S5", sleepState(0)),
                Aml.scope(
                        "\\_SB",
                        Aml.device(
                                "PCI0",
                                Aml.name("_HID", Aml.pnp("PNP0A03")),
                                Aml.name("_ADR", Aml.integer(0)),
                                Aml.name("_UID", Aml.integer(1)),
                                Aml.name("_CRS", hostResources()),
                                Aml.name("_PRT", routes()),
                                isaBridge()),
                        Aml.byteFields("\\_SB.PCI0.ISA.P40C", "PRQ0", "PRQ1", "PRQ2", "PRQ3"),
                        link("LNKA", 1, "PRQ0"),
                        link("LNKB", 2, "PRQ1"),
                        link("LNKC", 3, "PRQ2"),
                        link("LNKD", 4, "PRQ3")));
    }

    private static byte[] sleepState(int type) {
        byte[] value = Aml.integer(type);
        return Aml.array(value, value, Aml.integer(0), Aml.integer(0));
    }

    private byte[] hostResources() {
        return Aml.resources(
                Aml.busNumbers(0, 0xFF),
                Aml.ports(0xCF8, 8),
                Aml.portWindow(0, 0xCF7),
                Aml.portWindow(0xD00, 0xFFFF),
                Aml.memoryWindow(0xA_0000, 0xB_FFFF, true),
                Aml.memoryWindow(board.holeStart(), board.holeEnd() - 1, false));
    }

    /** Each slot's pins go round the four links, as on the board. */
    private static byte[] routes() {
        List<byte[]> routes = new ArrayList<>();
        String[] links = {"LNKA", "LNKB", "LNKC", "LNKD"};
        for (int slot = 0; slot < 32; slot++) {
            for (int pin = 0; pin < 4; pin++) {
                routes.add(
                        Aml.array(
                                Aml.integer((long) slot << 16 | 0xFFFF),
                                Aml.integer(pin),
                                Aml.path(links[pin + slot - 1 & 3]),
                                Aml.integer(0)));
            }
        }
        return Aml.array(routes.toArray(byte[][]::new));
    }

    private byte[] isaBridge() {
        List<byte[]> terms = new ArrayList<>();
        terms.add(Aml.name("_ADR", Aml.integer(0x1_0000)));
        terms.add(Aml.region("P40C", Aml.PCI_CONFIG, 0x60, 4));
        terms.add(isaDevice("KBD", "PNP0303", Aml.ports(0x60, 1), Aml.ports(0x64, 1), Aml.irq(1)));
        terms.add(isaDevice("MOU", "PNP0F13", Aml.irq(12)));
        terms.add(isaDevice("RTC", "PNP0B00", Aml.ports(0x70, 8), Aml.irq(8)));
        int[] ports = {0x3F8, 0x2F8, 0x3E8, 0x2E8};
        for (int i : new TreeSet<>(board.serialPorts())) {
            byte[] resources = Aml.resources(Aml.ports(ports[i], 8), Aml.irq(i % 2 == 0 ? 4 : 3));
            terms.add(
                    Aml.device(
                            "COM" + (i + 1),
                            Aml.name("_HID", Aml.pnp("PNP0501")),
                            Aml.name("_UID", Aml.integer(i + 1)),
                            Aml.name("_CRS", resources)));
        }
        if (board.hpet()) {
            terms.add(isaDevice("HPET", "PNP0103", Aml.memory(0xFED0_0000L, 0x400)));
        }
        return Aml.device("ISA", terms.toArray(byte[][]::new));
    }

    private static byte[] isaDevice(String name, String pnp, byte[]... resources) {
        return Aml.device(
                name, Aml.name("_HID", Aml.pnp(pnp)), Aml.name("_CRS", Aml.resources(resources)));
    }

    /** A link between one of PCI's interrupts and the ISA interrupt that its register chooses. */
    private static byte[] link(String name, int number, String register) {
        byte[] field = Aml.path(register);
        byte[] disabled = Aml.and(field, Aml.integer(0x80));
        return Aml.device(
                name,
                Aml.name("_HID", Aml.pnp("PNP0C0F")),
                Aml.name("_UID", Aml.integer(number)),
                Aml.name("_PRS", Aml.resources(Aml.interrupts(5, 10, 11))),
                Aml.name("BUF", Aml.resources(Aml.interrupts(0))),
                Aml.method(
                        "_STA",
                        0,
                        Aml.when(disabled, Aml.give(Aml.integer(0x09))),
                        Aml.give(Aml.integer(0x0B))),
                Aml.method("_DIS", 0, Aml.or(field, Aml.integer(0x80), field)),
                Aml.method(
                        "_CRS",
                        0,
                        Aml.dwordField(Aml.path("BUF"), 5, "IRQ"),
                        Aml.store(Aml.and(field, Aml.integer(0x0F)), Aml.path("IRQ")),
                        Aml.give(Aml.path("BUF"))),
                Aml.method(
                        "_SRS",
                        1,
                        Aml.dwordField(Aml.argument(0), 5, "IRQ"),
                        Aml.store(Aml.path("IRQ"), field)));
    }
}
