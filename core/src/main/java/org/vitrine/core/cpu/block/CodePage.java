package org.vitrine.core.cpu.block;

import java.util.ArrayList;
import java.util.List;
import org.vitrine.core.cpu.decode.Decoder;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * What was decoded from one physical page, and which of its bytes that was.
 *
 * <p>Bytes that were written although they were decoded are taken for data that stand in the code,
 * as programs have them that patch themselves: no block goes over them again, so that the next such
 * write costs one instruction's decoding.
 */
final class CodePage {

    private static final int CHAIN_SHIFT = 6;

    /** Bytes of the longest block. */
    static final int LONGEST_BLOCK = 256;

    /** The physical page's number. */
    final long number;

    /** Where its bytes were, in this process. */
    final long host;

    private final Block[] chains = new Block[PhysicalMemory.PAGE_SIZE >> CHAIN_SHIFT];
    private final ByteSet decoded = new ByteSet();
    private final ByteSet patched = new ByteSet();

    /** Blocks of other pages whose last instruction goes on in this one. */
    private final List<Block> incoming = new ArrayList<>();

    private int blocks;

    CodePage(long number, long host) {
        this.number = number;
        this.host = host;
    }

    boolean isEmpty() {
        return blocks == 0;
    }

    Block find(int offset, Decoder.Mode mode) {
        for (Block block = chains[offset >> CHAIN_SHIFT]; block != null; block = block.next) {
            if (block.offset == offset && block.mode == mode && !block.stale()) {
                return block;
            }
        }
        return null;
    }

    void add(Block block) {
        int chain = block.offset >> CHAIN_SHIFT;
        block.next = chains[chain];
        chains[chain] = block;
        blocks++;
        decoded.add(block.offset, lengthHere(block));
    }

    /** Notes that a block of another page goes on in this one. */
    void addIncoming(Block block) {
        incoming.add(block);
        blocks++;
        decoded.add(0, lengthOfTail(block));
    }

    private static int lengthHere(Block block) {
        return Math.min(block.length, PhysicalMemory.PAGE_SIZE - block.offset);
    }

    private static int lengthOfTail(Block block) {
        return block.offset + block.length - PhysicalMemory.PAGE_SIZE;
    }

    boolean decoded(int offset, int length) {
        return decoded.hasAny(offset, length);
    }

    /** Whether any of these bytes is written now and then. */
    boolean patched(int offset, int length) {
        return patched.hasAny(offset, length);
    }

    /** These bytes are about to be written, and some of them were decoded. */
    void written(int offset, int length) {
        patched.add(offset, length);
        invalidate(offset, length);
    }

    /** Nothing was decoded from it for a while: what it will have is other code. */
    void forgetPatches() {
        patched.clear();
    }

    /** Makes the blocks stale that have one of these bytes. */
    void invalidate(int offset, int length) {
        int first = Math.max(offset - LONGEST_BLOCK, 0) >> CHAIN_SHIFT;
        int last = offset + length - 1 >> CHAIN_SHIFT;
        int from = offset;
        int to = offset + length;
        for (int chain = first; chain <= last; chain++) {
            Block before = null;
            for (Block block = chains[chain]; block != null; block = block.next) {
                if (block.offset < offset + length && block.offset + block.length > offset) {
                    block.makeStale();
                    blocks--;
                    from = Math.min(from, block.offset);
                    to = Math.max(to, block.offset + lengthHere(block));
                    if (before == null) {
                        chains[chain] = block.next;
                    } else {
                        before.next = block.next;
                    }
                } else {
                    before = block;
                }
            }
        }
        for (int n = incoming.size() - 1; n >= 0; n--) {
            Block block = incoming.get(n);
            int tail = lengthOfTail(block);
            if (offset < tail) {
                block.makeStale();
            }
            if (block.stale()) {
                incoming.remove(n);
                blocks--;
                from = 0;
                to = Math.max(to, tail);
            }
        }
        markAgain(from, to);
    }

    /** Notes which bytes of a range are decoded after blocks went. */
    private void markAgain(int from, int to) {
        decoded.remove(from, to - from);
        int last = to - 1 >> CHAIN_SHIFT;
        for (int chain = Math.max(from - LONGEST_BLOCK, 0) >> CHAIN_SHIFT; chain <= last; chain++) {
            for (Block block = chains[chain]; block != null; block = block.next) {
                decoded.add(block.offset, lengthHere(block));
            }
        }
        for (Block block : incoming) {
            if (!block.stale()) {
                decoded.add(0, lengthOfTail(block));
            }
        }
    }
}
