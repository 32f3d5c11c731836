package org.vitrine.core.device.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Terms of the ACPI machine language, encoded (ACPI specification 2.0, chapters 17 and 6.4). Each
 * method gives the bytes of one term, of which larger terms are made.
 */
final class Aml {

    private static final int ZERO = 0x00;
    private static final int NAME = 0x08;
    private static final int BYTE = 0x0A;
    private static final int WORD = 0x0B;
    private static final int DWORD = 0x0C;
    private static final int STRING = 0x0D;
    private static final int SCOPE = 0x10;
    private static final int BUFFER = 0x11;
    private static final int PACKAGE = 0x12;
    private static final int METHOD = 0x14;
    private static final int SEVERAL_NAMES = 0x2F;
    private static final int EXTENDED = 0x5B;
    private static final int ROOT = 0x5C;
    private static final int ARGUMENT = 0x68;
    private static final int STORE = 0x70;
    private static final int AND = 0x7B;
    private static final int OR = 0x7D;
    private static final int DWORD_FIELD = 0x8A;
    private static final int IF = 0xA0;
    private static final int RETURN = 0xA4;

    private static final int REGION = 0x80;
    private static final int FIELD = 0x81;
    private static final int DEVICE = 0x82;

    /** The address space of PCI configuration registers. */
    static final int PCI_CONFIG = 2;

    private static final int BYTE_ACCESS = 1;

    private Aml() {}

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Terms one behind another. */
    static byte[] join(byte[]... terms) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] term : terms) {
            out.writeBytes(term);
        }
        return out.toByteArray();
    }

    private static byte[] little(int size, long value) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (value >>> 8 * i);
        }
        return bytes;
    }

    /** An operator, the length of what follows, and that. */
    private static byte[] sized(byte[] operator, byte[]... terms) {
        byte[] body = join(terms);
        return join(operator, packageLength(body.length), body);
    }

    /** The length includes its own one to four bytes, the first of which tells their number. */
    private static byte[] packageLength(int length) {
        if (length + 1 < 0x40) {
            return bytes(length + 1);
        }
        int more = length + 2 < 0x1000 ? 1 : length + 3 < 0x10_0000 ? 2 : 3;
        int whole = length + 1 + more;
        byte[] rest = little(more, whole >>> 4);
        return join(bytes(more << 6 | whole & 0x0F), rest);
    }

    /** Names of at most four characters with dots between; {@code \} in front for the root's. */
    static byte[] path(String path) {
        if (path.startsWith("\\")) {
            return join(bytes(ROOT), path(path.substring(1)));
        }
        String[] names = path.split("\\.");
        byte[] encoded = names.length == 1 ? new byte[0] : bytes(SEVERAL_NAMES, names.length);
        for (String name : names) {
            byte[] padded = (name + "____").substring(0, 4).getBytes(StandardCharsets.US_ASCII);
            encoded = join(encoded, padded);
        }
        return encoded;
    }

    static byte[] integer(long value) {
        if (value == 0) {
            return bytes(ZERO);
        }
        int size = value <= 0xFF ? 1 : value <= 0xFFFF ? 2 : 4;
        return join(bytes(size == 1 ? BYTE : size == 2 ? WORD : DWORD), little(size, value));
    }

    static byte[] string(String value) {
        return join(bytes(STRING), value.getBytes(StandardCharsets.US_ASCII), bytes(0));
    }

    /** A Plug and Play number such as PNP0A03, as the integer that stands for it. */
    static byte[] pnp(String id) {
        int letters = 0;
        for (int i = 0; i < 3; i++) {
            letters = letters << 5 | id.charAt(i) - 0x40;
        }
        int number = Integer.parseInt(id.substring(3), 16);
        return integer(Integer.reverseBytes(letters << 16 | number) & 0xFFFF_FFFFL);
    }

    static byte[] name(String name, byte[] value) {
        return join(bytes(NAME), path(name), value);
    }

    static byte[] scope(String name, byte[]... terms) {
        return sized(bytes(SCOPE), path(name), join(terms));
    }

    static byte[] device(String name, byte[]... terms) {
        return sized(bytes(EXTENDED, DEVICE), path(name), join(terms));
    }

    static byte[] method(String name, int arguments, byte[]... terms) {
        return sized(bytes(METHOD), path(name), bytes(arguments), join(terms));
    }

    static byte[] array(byte[]... elements) {
        return sized(bytes(PACKAGE), bytes(elements.length), join(elements));
    }

    private static byte[] buffer(byte[] content) {
        return sized(bytes(BUFFER), integer(content.length), content);
    }

    /** Registers that fields can be made of. */
    static byte[] region(String name, int space, int offset, int length) {
        return join(
                bytes(EXTENDED, REGION),
                path(name),
                bytes(space),
                integer(offset),
                integer(length));
    }

    /** Fields of a byte each, from the region's start on. */
    static byte[] byteFields(String region, String... names) {
        byte[] fields = {};
        for (String name : names) {
            fields = join(fields, path(name), bytes(8));
        }
        return sized(bytes(EXTENDED, FIELD), path(region), bytes(BYTE_ACCESS), fields);
    }

    static byte[] argument(int number) {
        return bytes(ARGUMENT + number);
    }

    static byte[] store(byte[] value, byte[] target) {
        return join(bytes(STORE), value, target);
    }

    /** The bits that are in both; nothing is stored. */
    static byte[] and(byte[] a, byte[] b) {
        return join(bytes(AND), a, b, bytes(ZERO));
    }

    static byte[] or(byte[] a, byte[] b, byte[] target) {
        return join(bytes(OR), a, b, target);
    }

    static byte[] dwordField(byte[] buffer, int offset, String name) {
        return join(bytes(DWORD_FIELD), buffer, integer(offset), path(name));
    }

    static byte[] when(byte[] condition, byte[]... terms) {
        return sized(bytes(IF), condition, join(terms));
    }

    static byte[] give(byte[] value) {
        return join(bytes(RETURN), value);
    }

    /** A buffer of resource descriptors. */
    static byte[] resources(byte[]... descriptors) {
        return buffer(join(join(descriptors), bytes(0x79, 0)));
    }

    /** Ports, decoded by all 16 bits. */
    static byte[] ports(int first, int count) {
        return join(bytes(0x47, 1), little(2, first), little(2, first), bytes(1, count));
    }

    /** An ISA interrupt: edge-triggered, active high. */
    static byte[] irq(int number) {
        return join(bytes(0x22), little(2, 1 << number));
    }

    /**
     * Interrupts to choose from: level-triggered, active high, shared; the first is at offset 5.
     */
    static byte[] interrupts(int... numbers) {
        byte[] list = {};
        for (int number : numbers) {
            list = join(list, little(4, number));
        }
        return join(bytes(0x89), little(2, 2 + list.length), bytes(0x09, numbers.length), list);
    }

    /** Fixed memory. */
    static byte[] memory(long first, long size) {
        return join(bytes(0x86, 9, 0, 1), little(4, first), little(4, size));
    }

    /** The bus numbers that a host bridge passes on. */
    static byte[] busNumbers(int first, int last) {
        return window(0x88, 2, 2, 0, first, last);
    }

    /** The ports that a host bridge passes on. */
    static byte[] portWindow(int first, int last) {
        return window(0x88, 2, 1, 3, first, last);
    }

    /** The memory that a host bridge passes on. */
    static byte[] memoryWindow(long first, long last, boolean cacheable) {
        return window(0x87, 4, 0, cacheable ? 3 : 1, first, last);
    }

    /** An address space descriptor, decoded positively, with both ends fixed. */
    private static byte[] window(int tag, int width, int kind, int flags, long first, long last) {
        byte[] body =
                join(
                        bytes(kind, 0x0C, flags),
                        little(width, 0),
                        little(width, first),
                        little(width, last),
                        little(width, 0),
                        little(width, last - first + 1));
        ByteBuffer head = ByteBuffer.allocate(3).order(ByteOrder.LITTLE_ENDIAN);
        head.put((byte) tag).putShort((short) body.length);
        return join(head.array(), body);
    }
}
