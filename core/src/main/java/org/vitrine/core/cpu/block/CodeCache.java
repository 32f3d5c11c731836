package org.vitrine.core.cpu.block;

import java.util.Arrays;
import org.vitrine.core.cpu.decode.Decoder;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.cpu.state.GuestFault;
import org.vitrine.core.cpu.state.Mmu;
import org.vitrine.core.cpu.state.Registers;
import org.vitrine.core.memory.HostMemory;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * Finds the decoded code at the instruction pointer, decoding it when it is new.
 *
 * <p>Blocks are kept by physical page, so that a change of mapping costs no decoding; in front of
 * that stand each block's successors and a small table by linear address, which hold until
 * translations change. A block that goes over a page's end has one instruction. Code in device
 * memory, and code cut short by its segment's limit, is decoded each time it is run.
 */
public final class CodeCache {

    private static final int RECENT_BITS = 14;
    private static final int CHUNK_SHIFT = 12;
    private static final int MAX_INSTRUCTIONS = 48;
    private static final int PAGE_SIZE = PhysicalMemory.PAGE_SIZE;
    private static final int PAGE_SHIFT = PhysicalMemory.PAGE_SHIFT;
    private static final long PAGE_MASK = PhysicalMemory.PAGE_MASK;

    private final PhysicalMemory memory;
    private final Registers r;
    private final Mmu mmu;
    private final GuestFault fault;
    private final Decoder decoder;
    private final Block[] recent = new Block[1 << RECENT_BITS];
    private final CodePage[][] pages =
            new CodePage[1 << PhysicalMemory.ADDRESS_BITS - PAGE_SHIFT - CHUNK_SHIFT][];
    private final byte[] bytes = new byte[PAGE_SIZE];
    private final byte[] crossing = new byte[Decoder.MAX_LENGTH];
    private final Instruction[] decoded = new Instruction[MAX_INSTRUCTIONS];

    /** Counts how often translations changed. */
    private int epoch;

    public CodeCache(
            CpuModel model, PhysicalMemory memory, Registers registers, Mmu mmu, GuestFault fault) {
        decoder = new Decoder(model.features());
        this.memory = memory;
        this.r = registers;
        this.mmu = mmu;
        this.fault = fault;
    }

    /**
     * The block at CS:EIP.
     *
     * @throws GuestFault when the first instruction can't be fetched
     */
    public Block current() {
        long linear = r.base[Registers.CS] + r.ip & 0xFFFF_FFFFL;
        long key = linear | r.fetchMode;
        int slot = (int) (linear ^ linear >>> RECENT_BITS) & (1 << RECENT_BITS) - 1;
        Block block = recent[slot];
        if (block != null && block.isAt(key, epoch) && fits(block)) {
            return block;
        }
        Decoder.Mode mode =
                (key & Registers.FETCH_32) != 0 ? Decoder.Mode.CODE32 : Decoder.Mode.CODE16;
        return find(linear, mode, key, slot);
    }

    /**
     * The block at CS:EIP, which is best looked for among the successors of the one that was run.
     *
     * @throws GuestFault when the first instruction can't be fetched
     */
    public Block following(Block previous) {
        long key = r.base[Registers.CS] + r.ip & 0xFFFF_FFFFL | r.fetchMode;
        Block block = previous.successor(key, epoch);
        if (block != null && fits(block)) {
            return block;
        }
        block = current();
        previous.addSuccessor(block);
        return block;
    }

    private boolean fits(Block block) {
        return r.ip + block.length - 1 <= r.limit[Registers.CS];
    }

    private Block find(long linear, Decoder.Mode mode, long key, int slot) {
        long room = r.limit[Registers.CS] - r.ip + 1;
        if (room <= 0) {
            throw fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        long physical = mmu.translateFetch(linear);
        Block known = recent[slot];
        if (known != null && known.isStill(key, physical) && known.length <= room) {
            // Translations changed since, but not this one.
            known.epoch = epoch;
            return known;
        }
        int offset = (int) (physical & PAGE_MASK);
        CodePage page = page(physical);
        Block block = page != null ? page.find(offset, mode) : null;
        if (block != null && block.nextPage != null && block.nextPage != nextPage(linear)) {
            // The page that follows is another one now.
            block = null;
        }
        if (block == null) {
            block = decode(linear, physical, page, mode);
        }
        if (block.length > room) {
            return cut(linear, physical, mode, room);
        }
        if (block.page != null) {
            block.key = key;
            block.epoch = epoch;
            recent[slot] = block;
        }
        return block;
    }

    private CodePage nextPage(long linear) {
        return page(mmu.translateFetch((linear & ~PAGE_MASK) + PAGE_SIZE & 0xFFFF_FFFFL));
    }

    /** The page of a physical address, or null when its bytes have to be asked of a device. */
    private CodePage page(long physical) {
        long host = memory.readablePage(physical);
        if (host == 0) {
            return null;
        }
        long number = physical >>> PAGE_SHIFT;
        int chunk = (int) (number >>> CHUNK_SHIFT);
        int index = (int) number & (1 << CHUNK_SHIFT) - 1;
        if (pages[chunk] == null) {
            pages[chunk] = new CodePage[1 << CHUNK_SHIFT];
        }
        CodePage page = pages[chunk][index];
        if (page == null || page.host != host) {
            if (page != null) {
                page.invalidate(0, PAGE_SIZE);
            }
            page = new CodePage(number, host);
            pages[chunk][index] = page;
        }
        return page;
    }

    private Block decode(long linear, long physical, CodePage page, Decoder.Mode mode) {
        int offset = (int) (physical & PAGE_MASK);
        int count = 0;
        int at = offset;
        if (page != null) {
            int end = Math.min(offset + CodePage.LONGEST_BLOCK, PAGE_SIZE);
            HostMemory.copy(page.host + offset, bytes, offset, end - offset);
            boolean patched = false;
            while (count < MAX_INSTRUCTIONS && at < end && !patched) {
                Instruction instruction = decoder.decode(bytes, at, end, mode);
                if (instruction == null) {
                    break;
                }
                patched = page.patched(at, instruction.length);
                if (patched && count > 0) {
                    break;
                }
                at += instruction.length;
                instruction.end = at - offset;
                decoded[count++] = instruction;
                instruction.count = count;
                if (instruction.endsBlock()) {
                    break;
                }
            }
        }
        if (count > 0) {
            Block block = new Block(Arrays.copyOf(decoded, count), mode, page, offset, null);
            page.add(block);
            memory.watchCode(page.number);
            return block;
        }
        return single(linear, physical, page, mode);
    }

    /** A block of one instruction that goes over the page's end, or that is in device memory. */
    private Block single(long linear, long physical, CodePage page, Decoder.Mode mode) {
        int offset = (int) (physical & PAGE_MASK);
        int here = Math.min(Decoder.MAX_LENGTH, PAGE_SIZE - offset);
        for (int i = 0; i < here; i++) {
            crossing[i] = (byte) memory.read(physical + i, 1);
        }
        Instruction instruction = decoder.decode(crossing, 0, here, mode);
        CodePage nextPage = null;
        if (instruction == null) {
            long next = mmu.translateFetch((linear & ~PAGE_MASK) + PAGE_SIZE & 0xFFFF_FFFFL);
            for (int i = here; i < Decoder.MAX_LENGTH; i++) {
                crossing[i] = (byte) memory.read(next + i - here, 1);
            }
            instruction = decoder.decode(crossing, 0, Decoder.MAX_LENGTH, mode);
            nextPage = page(next);
        }
        instruction.end = instruction.length;
        instruction.count = 1;
        boolean kept = page != null && nextPage != null;
        Block block =
                new Block(
                        new Instruction[] {instruction},
                        mode,
                        kept ? page : null,
                        offset,
                        nextPage);
        if (kept) {
            page.add(block);
            memory.watchCode(page.number);
            nextPage.addIncoming(block);
            memory.watchCode(nextPage.number);
        }
        return block;
    }

    /** As many instructions of the block as the code segment has room for. */
    private Block cut(long linear, long physical, Decoder.Mode mode, long room) {
        CodePage page = page(physical);
        Block whole = page != null ? page.find((int) (physical & PAGE_MASK), mode) : null;
        if (whole == null) {
            whole = decode(linear, physical, page, mode);
        }
        int count = 0;
        while (count < whole.code.length && whole.code[count].end <= room) {
            count++;
        }
        if (count == 0) {
            throw fault.of(GuestFault.GENERAL_PROTECTION, 0);
        }
        return new Block(Arrays.copyOf(whole.code, count), mode, null, whole.offset, null);
    }

    /** Translations changed: what is where has to be looked up anew. */
    public void flushRecent() {
        epoch++;
        if (epoch == Integer.MAX_VALUE) {
            clear();
        }
    }

    /** Forgets all code. */
    public void clear() {
        for (CodePage[] chunk : pages) {
            if (chunk != null) {
                for (CodePage page : chunk) {
                    if (page != null) {
                        page.invalidate(0, PAGE_SIZE);
                    }
                }
                Arrays.fill(chunk, null);
            }
        }
        Arrays.fill(recent, null);
        epoch = 0;
    }

    /**
     * Bytes in a page are about to be written: makes the blocks stale that were decoded from them.
     *
     * @return whether any byte belonged to a block
     */
    public boolean written(long physical, int length) {
        CodePage page = known(physical);
        int offset = (int) (physical & PAGE_MASK);
        if (page == null || !page.decoded(offset, length)) {
            return false;
        }
        if (length < PAGE_SIZE) {
            page.written(offset, length);
        } else {
            page.invalidate(offset, length);
        }
        return true;
    }

    /** Whether anything decoded is left in a page. */
    public boolean watches(long physical) {
        CodePage page = known(physical);
        if (page == null) {
            return false;
        }
        if (page.isEmpty()) {
            page.forgetPatches();
        }
        return !page.isEmpty();
    }

    private CodePage known(long physical) {
        long number = physical >>> PAGE_SHIFT;
        CodePage[] chunk = number < 0 ? null : pages[(int) (number >>> CHUNK_SHIFT)];
        return chunk == null ? null : chunk[(int) number & (1 << CHUNK_SHIFT) - 1];
    }
}
