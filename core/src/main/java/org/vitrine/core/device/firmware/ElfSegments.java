package org.vitrine.core.device.firmware;

import java.nio.ByteBuffer;

/** The segments of an ELF executable for the 80386 (System V ABI, "Program Loading"). */
final class ElfSegments {

    private static final int MAGIC = 0x464C_457F;
    private static final int CLASS = 4;
    private static final int CLASS_32 = 1;
    private static final int CLASS_64 = 2;
    private static final int TYPE = 16;
    private static final int EXECUTABLE = 2;
    private static final int MACHINE = 18;
    private static final int I386 = 3;
    private static final int ENTRY = 24;
    private static final int PROGRAM_HEADERS = 28;
    private static final int PROGRAM_HEADER_SIZE = 42;
    private static final int PROGRAM_HEADER_COUNT = 44;
    private static final int HEADER_SIZE = 52;

    private static final int OFFSET = 4;
    private static final int VIRTUAL_ADDRESS = 8;
    private static final int PHYSICAL_ADDRESS = 12;
    private static final int FILE_SIZE = 16;
    private static final int MEMORY_SIZE = 20;
    private static final int LOAD = 1;
    private static final int SMALLEST_PROGRAM_HEADER = 32;

    private ElfSegments() {}

    /**
     * Adds what is to be in memory.
     *
     * @return the physical address to begin at
     * @throws IllegalArgumentException when the file is no such executable, or is cut short
     */
    static int add(ByteBuffer file, KernelPieces pieces) {
        check(file);
        long headers = number(file, PROGRAM_HEADERS);
        int size = file.getShort(PROGRAM_HEADER_SIZE) & 0xFFFF;
        int count = file.getShort(PROGRAM_HEADER_COUNT) & 0xFFFF;
        if (size < SMALLEST_PROGRAM_HEADER || headers + (long) size * count > file.capacity()) {
            throw new IllegalArgumentException("the kernel is cut short in its program headers");
        }
        long entry = number(file, ENTRY);
        long begin = entry;
        boolean any = false;
        for (int at = (int) headers; count-- > 0; at += size) {
            long inFile = number(file, at + FILE_SIZE);
            long inMemory = number(file, at + MEMORY_SIZE);
            if (file.getInt(at) != LOAD || inMemory == 0) {
                continue;
            }
            if (inFile > inMemory) {
                throw new IllegalArgumentException(
                        "a segment of the ELF file is larger in the file than in memory");
            }
            any = true;
            long place = number(file, at + PHYSICAL_ADDRESS);
            pieces.addFromFile(file.capacity(), number(file, at + OFFSET), inFile, place);
            pieces.addZeros(inMemory - inFile, place + inFile);
            // The entry may be told as the address that it has once paging is on.
            long intoSegment = entry - number(file, at + VIRTUAL_ADDRESS);
            if (intoSegment >= 0 && intoSegment < inMemory) {
                begin = place + intoSegment;
            }
        }
        if (!any) {
            throw new IllegalArgumentException("the ELF file has no segment to be loaded");
        }
        return (int) begin;
    }

    private static void check(ByteBuffer file) {
        if (file.capacity() < HEADER_SIZE || file.getInt(0) != MAGIC) {
            throw new IllegalArgumentException(
                    "it is no ELF file, and its Multiboot header doesn't say where it belongs");
        }
        if (file.get(CLASS) == CLASS_64) {
            throw new IllegalArgumentException(
                    "it is an ELF file of 64 bits, and Multiboot starts those of 32 bits");
        }
        if (file.get(CLASS) != CLASS_32
                || file.getShort(TYPE) != EXECUTABLE
                || file.getShort(MACHINE) != I386) {
            throw new IllegalArgumentException("it is no ELF executable for the 80386");
        }
    }

    private static long number(ByteBuffer file, int at) {
        return file.getInt(at) & 0xFFFF_FFFFL;
    }
}
