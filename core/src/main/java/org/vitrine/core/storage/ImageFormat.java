package org.vitrine.core.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the bytes of a disk lie in its file. */
public enum ImageFormat {
    RAW,
    QCOW2;

    /** As many bytes of a file's beginning as tell its format. */
    static final int PROBED = 2048;

    /** The name that people and QEMU use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format of this name; null when it is none of ours. */
    public static ImageFormat named(String word) {
        for (ImageFormat format : values()) {
            if (format.word().equals(word)) {
                return format;
            }
        }
        return null;
    }

    /** The names of all formats, for people. */
    public static String words() {
        return Arrays.stream(values()).map(ImageFormat::word).collect(Collectors.joining(" or "));
    }

    /** What other formats' files begin with. */
    private record Foreign(String name, int offset, byte[] magic) {

        Foreign(String name, int offset, String magic) {
            this(name, offset, magic.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static final List<Foreign> FOREIGN =
            List.of(
                    new Foreign("VMDK", 0, "KDMV"),
                    new Foreign("VMDK", 0, "COWD"),
                    new Foreign("VMDK", 0, "# Disk DescriptorFile"),
                    new Foreign("VDI", 0x40, "\u007f\u0010\u00da\u00be"),
                    new Foreign("VHDX", 0, "vhdxfile"),
                    new Foreign("VHD", 0, "conectix"),
                    new Foreign("QED", 0, "QED\0"),
                    new Foreign("LUKS", 0, "LUKS\u00ba\u00be"),
                    new Foreign("qcow (version 1)", 0, "QFI\u00fb\0\0\0\1"),
                    new Foreign("Parallels", 0, "WithoutFreeSpace"),
                    new Foreign("Parallels", 0, "WithouFreSpacExt"),
                    new Foreign("Bochs growing disk", 0, "Bochs Virtual HD Image"));

    /** The foreign format that a file beginning so has, for people; null when none is known. */
    static String foreign(byte[] beginning) {
        for (Foreign foreign : FOREIGN) {
            if (startsWith(beginning, foreign.offset(), foreign.magic())) {
                return foreign.name();
            }
        }
        return null;
    }

    /** The format of a file that begins so, foreign ones being {@code RAW}. */
    static ImageFormat probe(byte[] beginning) {
        boolean magic =
                beginning.length >= 8
                        && ByteBuffer.wrap(beginning).getInt() == Qcow2Header.MAGIC
                        && ByteBuffer.wrap(beginning).getInt(4) != 1;
        return magic ? QCOW2 : RAW;
    }

    private static boolean startsWith(byte[] bytes, int offset, byte[] magic) {
        return bytes.length >= offset + magic.length
                && Arrays.equals(bytes, offset, offset + magic.length, magic, 0, magic.length);
    }
}
