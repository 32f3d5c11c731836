package org.vitrine.core.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The physical address space: which page is RAM, which is ROM, and which belongs to a device.
 *
 * <p>Reads and writes are mapped apart, since a chipset can let reads come from ROM while writes go
 * to the RAM behind it. RAM pages can be watched: writes to a page that holds decoded code are
 * announced to the {@link PageWatcher} until it has none, and the first write to a logged page
 * marks it dirty. A CPU that keeps translations may write to a page directly only while it is not
 * watched. Used by the vCPU thread alone.
 */
public final class PhysicalMemory {

    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_SIZE = 1 << PAGE_SHIFT;
    public static final long PAGE_MASK = PAGE_SIZE - 1;

    /** Physical addresses have 36 bits, as a Pentium III's do. */
    public static final int ADDRESS_BITS = 36;

    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_PAGES = 1 << CHUNK_SHIFT;
    private static final int CHUNKS = 1 << ADDRESS_BITS - PAGE_SHIFT - CHUNK_SHIFT;
    private static final long PAGES = 1L << ADDRESS_BITS - PAGE_SHIFT;

    private static final byte CODE = 1;
    private static final byte CLEAN = 2;

    private static final MmioDevice NOTHING =
            new MmioDevice() {
                @Override
                public long readMemory(long address, int size) {
                    return size == 8 ? -1 : (1L << 8 * size) - 1;
                }

                @Override
                public void writeMemory(long address, int size, long value) {}
            };

    /** The chunk of pages that nobody mapped; never written to. */
    private static final Chunk UNMAPPED = new Chunk();

    /**
     * An entry is the page's address in this process, or, when it is not positive, a device's
     * number negated.
     */
    private static final class Chunk {
        final long[] readable = new long[CHUNK_PAGES];
        final long[] writable = new long[CHUNK_PAGES];
        final byte[] watched = new byte[CHUNK_PAGES];
    }

    private final Chunk[] chunks = new Chunk[CHUNKS];
    private final List<MmioDevice> devices = new ArrayList<>(List.of(NOTHING));
    private final List<Region> regions = new ArrayList<>();
    private final List<RamBlock> blocks = new ArrayList<>();
    private final List<DirtyLog> logs = new ArrayList<>();
    private PageWatcher watcher =
            new PageWatcher() {
                @Override
                public void mappingChanged() {}

                @Override
                public void writesWatched(long page) {}

                @Override
                public boolean codeWritten(long address, int length) {
                    return true;
                }
            };

    /** What was mapped where, for people: {@code info mtree}. Later regions hide earlier ones. */
    public record Region(long address, long length, String label) {}

    /** What a RAM page allows. */
    public enum Access {
        READ_WRITE,
        /** Writes are ignored. */
        READ_ONLY
    }

    public PhysicalMemory() {
        Arrays.fill(chunks, UNMAPPED);
    }

    /** Whom to tell of changes: the CPU. */
    public void watch(PageWatcher watcher) {
        this.watcher = watcher;
    }

    /** Maps pages of a block; both offset and length are multiples of the page size. */
    public void mapRam(long address, RamBlock block, long offset, long length, Access access) {
        mapApart(
                address, length, block, offset, access == Access.READ_WRITE ? block : null, offset);
    }

    /**
     * Maps pages whose reads and writes go to different memory, as a chipset does that copies a ROM
     * into the RAM behind it.
     *
     * @param readable what is read, or null for nothing: all ones
     * @param writable what is written, or null for nothing: writes are ignored
     */
    public void mapApart(
            long address,
            long length,
            RamBlock readable,
            long readOffset,
            RamBlock writable,
            long writeOffset) {
        checkRange(address, length);
        checkBlock(readable, readOffset, length);
        checkBlock(writable, writeOffset, length);
        for (long at = 0; at < length; at += PAGE_SIZE) {
            set(
                    address + at,
                    readable == null ? 0 : readable.address() + readOffset + at,
                    writable == null ? 0 : writable.address() + writeOffset + at);
        }
        mapped(address, length, label(readable, writable));
    }

    private static String label(RamBlock readable, RamBlock writable) {
        if (readable == writable) {
            return readable == null ? "nothing" : readable.name();
        }
        if (writable == null) {
            return readable.name() + " (read-only)";
        }
        return (readable == null ? "nothing" : readable.name()) + ", writes to " + writable.name();
    }

    private void checkBlock(RamBlock block, long offset, long length) {
        if (block == null) {
            return;
        }
        if ((offset & PAGE_MASK) != 0 || offset < 0 || offset + length > block.size()) {
            throw new IllegalArgumentException(
                    "block " + block + " has no pages " + offset + "+" + length);
        }
        if (!blocks.contains(block)) {
            blocks.add(block);
        }
    }

    /** Gives pages to a device. */
    public void mapDevice(long address, long length, String label, MmioDevice device) {
        checkRange(address, length);
        int number = devices.indexOf(device);
        if (number < 0) {
            number = devices.size();
            devices.add(device);
        }
        for (long at = 0; at < length; at += PAGE_SIZE) {
            set(address + at, -number, -number);
        }
        mapped(address, length, label);
    }

    /** Takes pages from whoever has them. */
    public void unmap(long address, long length) {
        checkRange(address, length);
        for (long at = 0; at < length; at += PAGE_SIZE) {
            set(address + at, 0, 0);
        }
        regions.removeIf(region ->
                region.address() >= address
                        && region.address() + region.length() <= address + length);
        watcher.mappingChanged();
    }

    private static void checkRange(long address, long length) {
        if ((address & PAGE_MASK) != 0
                || (length & PAGE_MASK) != 0
                || address < 0
                || length <= 0
                || address + length > PAGES << PAGE_SHIFT) {
            throw new IllegalArgumentException(
                    String.format("no whole pages of physical memory: 0x%X+0x%X", address, length));
        }
    }

    private void set(long address, long readable, long writable) {
        int index = (int) (address >>> PAGE_SHIFT + CHUNK_SHIFT);
        if (chunks[index] == UNMAPPED) {
            chunks[index] = new Chunk();
        }
        Chunk chunk = chunks[index];
        int page = (int) (address >>> PAGE_SHIFT) & CHUNK_PAGES - 1;
        long before = chunk.readable[page];
        if ((chunk.watched[page] & CODE) != 0 || before != 0 && before != readable) {
            // ROM is not watched, and what was decoded from it would stay. Nothing is kept of code
            // where no memory was, as on all pages of RAM when a machine is put together.
            watcher.codeWritten(address, PAGE_SIZE);
        }
        chunk.readable[page] = readable;
        chunk.writable[page] = writable;
        chunk.watched[page] = 0;
    }

    private void mapped(long address, long length, String label) {
        regions.removeIf(region ->
                region.address() >= address
                        && region.address() + region.length() <= address + length);
        regions.add(new Region(address, length, label));
        watcher.mappingChanged();
    }

    /** What is mapped, in the order of mapping. */
    public List<Region> regions() {
        return List.copyOf(regions);
    }

    /** The blocks that are mapped anywhere. */
    public List<RamBlock> blocks() {
        return List.copyOf(blocks);
    }

    private Chunk chunk(long address) {
        return chunks[(int) (address >>> PAGE_SHIFT + CHUNK_SHIFT) & CHUNKS - 1];
    }

    private static int page(long address) {
        return (int) (address >>> PAGE_SHIFT) & CHUNK_PAGES - 1;
    }

    /**
     * Where the page of this address can be read directly, or 0 when only {@link #read} will do.
     */
    public long readablePage(long address) {
        return Math.max(chunk(address).readable[page(address)], 0);
    }

    /**
     * Where the page of this address can be written directly now, or 0 when only {@link #write}
     * will do.
     */
    public long writablePage(long address) {
        Chunk chunk = chunk(address);
        int page = page(address);
        return chunk.watched[page] == 0 ? Math.max(chunk.writable[page], 0) : 0;
    }

    /**
     * Reads.
     *
     * @param size bytes: 1, 2, 4 or 8; the access may cross pages
     * @return the value, zero-extended
     */
    public long read(long address, int size) {
        long offset = address & PAGE_MASK;
        if (offset + size > PAGE_SIZE) {
            long value = 0;
            for (int i = 0; i < size; i++) {
                value |= read(address + i, 1) << 8 * i;
            }
            return value;
        }
        long host = chunk(address).readable[page(address)];
        if (host <= 0) {
            return devices.get((int) -host).readMemory(address, size);
        }
        host += offset;
        return switch (size) {
            case 1 -> HostMemory.getByte(host) & 0xFFL;
            case 2 -> HostMemory.getShort(host) & 0xFFFFL;
            case 4 -> HostMemory.getInt(host) & 0xFFFF_FFFFL;
            default -> HostMemory.getLong(host);
        };
    }

    /** Writes the low {@code size} bytes of a value: 1, 2, 4 or 8; the access may cross pages. */
    public void write(long address, int size, long value) {
        long offset = address & PAGE_MASK;
        if (offset + size > PAGE_SIZE) {
            for (int i = 0; i < size; i++) {
                write(address + i, 1, value >>> 8 * i);
            }
            return;
        }
        Chunk chunk = chunk(address);
        int page = page(address);
        long host = chunk.writable[page];
        if (host <= 0) {
            devices.get((int) -host).writeMemory(address, size, value);
            return;
        }
        if (chunk.watched[page] != 0) {
            written(chunk, page, address, size, host);
        }
        host += offset;
        switch (size) {
            case 1 -> HostMemory.setByte(host, (byte) value);
            case 2 -> HostMemory.setShort(host, (short) value);
            case 4 -> HostMemory.setInt(host, (int) value);
            default -> HostMemory.setLong(host, value);
        }
    }

    private void written(Chunk chunk, int page, long address, int size, long host) {
        byte watched = chunk.watched[page];
        chunk.watched[page] = 0;
        if ((watched & CODE) != 0 && !watcher.codeWritten(address, size)) {
            chunk.watched[page] = CODE;
        }
        if ((watched & CLEAN) != 0) {
            for (DirtyLog log : logs) {
                if (log.contains(host)) {
                    log.markHost(host);
                }
            }
        }
    }

    /**
     * Copies guest memory out, as a device's DMA does; memory page by page, device registers byte
     * by byte.
     */
    public void read(long address, byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        for (int done = 0; done < length; ) {
            int part = partOfPage(address + done, length - done);
            long page = readablePage(address + done);
            if (page != 0) {
                long from = page + (address + done & PAGE_MASK);
                HostMemory.copy(from, into, offset + done, part);
            } else {
                for (int i = done; i < done + part; i++) {
                    into[offset + i] = (byte) read(address + i, 1);
                }
            }
            done += part;
        }
    }

    /**
     * Copies into guest memory, as a device's DMA does: decoded code and dirty pages are taken
     * account of once for each page.
     */
    public void write(long address, byte[] from, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        for (int done = 0; done < length; ) {
            int part = partOfPage(address + done, length - done);
            long page = pageToWrite(address + done, part);
            if (page != 0) {
                HostMemory.copy(from, offset + done, page + (address + done & PAGE_MASK), part);
            } else {
                for (int i = done; i < done + part; i++) {
                    write(address + i, 1, from[offset + i]);
                }
            }
            done += part;
        }
    }

    /** Fills guest memory with one byte, as {@link #write(long, byte[], int, int)} writes it. */
    public void fill(long address, long length, byte value) {
        for (long done = 0; done < length; ) {
            int part = partOfPage(address + done, length - done);
            long page = pageToWrite(address + done, part);
            if (page != 0) {
                HostMemory.fill(page + (address + done & PAGE_MASK), part, value);
            } else {
                for (long i = done; i < done + part; i++) {
                    write(address + i, 1, value);
                }
            }
            done += part;
        }
    }

    private static int partOfPage(long address, long length) {
        return (int) Math.min(length, PAGE_SIZE - (address & PAGE_MASK));
    }

    /** Where the page of bytes that are about to be written lies, or 0 when it is no memory. */
    private long pageToWrite(long address, int length) {
        Chunk chunk = chunk(address);
        int page = page(address);
        long host = chunk.writable[page];
        if (host <= 0) {
            return 0;
        }
        if (chunk.watched[page] != 0) {
            written(chunk, page, address, length, host);
        }
        return host;
    }

    /** Watches a RAM page for writes because something was decoded from it. */
    public void watchCode(long page) {
        watch(page, CODE);
    }

    private void watch(long page, byte why) {
        long address = page << PAGE_SHIFT;
        Chunk chunk = chunk(address);
        int index = page(address);
        if (chunk.writable[index] > 0 && (chunk.watched[index] & why) == 0) {
            chunk.watched[index] |= why;
            watcher.writesWatched(page);
        }
    }

    /**
     * Notes from now on which pages of a block are written, by the CPU at these addresses or by
     * {@link DirtyLog#mark}. At first every page is dirty.
     *
     * @param address where the block is mapped; may be {@code -1} when it is not, and only marked
     */
    public DirtyLog logWrites(RamBlock block, long address) {
        DirtyLog log = new DirtyLog(this, block, address);
        logs.add(log);
        return log;
    }

    void watchClean(long page) {
        watch(page, CLEAN);
    }
}
