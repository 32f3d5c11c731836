package org.vitrine.core.cpu.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vitrine.core.cpu.decode.Decoder;
import org.vitrine.core.memory.PhysicalMemory;

/** What was decoded from one physical page, and which of its bytes that was. */
final class CodePage {

    private static final int CHAIN_SHIFT = 6;

    /** The physical page's number. */
    final long number;

    /** Where its bytes were, in this process. */
    final long host;

    private final Block[] chains = new Block[PhysicalMemory.PAGE_SIZE >> CHAIN_SHIFT];
    private final long[] decoded = new long[PhysicalMemory.PAGE_SIZE / 64];

    /** Blocks of other pages whose last instruction goes on in this one. */
    private final List<Block> incoming = new ArrayList<>();

    private boolean empty = true;

    CodePage(long number, long host) {
        this.number = number;
        this.host = host;
    }

    boolean isEmpty() {
        return empty;
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
        mark(block.offset, Math.min(block.length, PhysicalMemory.PAGE_SIZE - block.offset));
    }

    /** Notes that a block of another page goes on in this one. */
    void addIncoming(Block block) {
        incoming.add(block);
        mark(0, block.offset + block.length - PhysicalMemory.PAGE_SIZE);
    }

    private void mark(int offset, int length) {
        empty = false;
        for (int at = offset; at < offset + length; at++) {
            decoded[at >> 6] |= 1L << at;
        }
    }

    boolean decoded(int offset, int length) {
        for (int at = offset; at < offset + length; at++) {
            if ((decoded[at >> 6] >>> at & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Makes the blocks stale that have one of these bytes. */
    void invalidate(int offset, int length) {
        Arrays.fill(decoded, 0);
        empty = true;
        for (int chain = 0; chain < chains.length; chain++) {
            Block kept = null;
            for (Block block = chains[chain]; block != null; ) {
                Block next = block.next;
                if (block.offset < offset + length && block.offset + block.length > offset) {
                    block.key = Block.STALE;
                }
                if (!block.stale()) {
                    block.next = kept;
                    kept = block;
                    mark(
                            block.offset,
                            Math.min(block.length, PhysicalMemory.PAGE_SIZE - block.offset));
                }
                block = next;
            }
            chains[chain] = kept;
        }
        for (int n = incoming.size() - 1; n >= 0; n--) {
            Block block = incoming.get(n);
            int tail = block.offset + block.length - PhysicalMemory.PAGE_SIZE;
            if (offset < tail) {
                block.key = Block.STALE;
            }
            if (block.stale()) {
                incoming.remove(n);
            } else {
                mark(0, tail);
            }
        }
    }
}
