package org.vitrine.core.cpu.block;

import org.vitrine.core.cpu.decode.Decoder;
import org.vitrine.core.cpu.decode.Instruction;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * Decoded instructions that follow one another, all beginning in one physical page. Conditional
 * branches may leave it on the way.
 */
public final class Block {

    /** The {@link #epoch} of a block that is no longer true to memory. */
    static final int STALE = -1;

    /** The {@link #epoch} of a block that is not found by its address, or not yet. */
    private static final int NEVER = -2;

    /** The instructions, in order; at least one. */
    public final Instruction[] code;

    /** Bytes from the start of the first instruction to the end of the last. */
    public final int length;

    /** What the interpreter made of them when it first ran them, or null. */
    public Step[] steps;

    /** The same for when it runs a part of them: as many steps as instructions, or null. */
    public Step[] singleSteps;

    final Decoder.Mode mode;
    final CodePage page;
    final int offset;

    /** Where the last instruction goes on when it does so in another page; else null. */
    final CodePage nextPage;

    /** The next block in the page's chain. */
    Block next;

    /** The linear address that it was last run at, with the mode. */
    long key;

    /**
     * In which of the cache's epochs it was run there: in others that address may lead elsewhere.
     * {@link #STALE} when it must not be run again.
     */
    int epoch = NEVER;

    /** The blocks that were run after this one: the last one, and another. */
    private Block successor;

    private Block otherSuccessor;

    Block(Instruction[] code, Decoder.Mode mode, CodePage page, int offset, CodePage nextPage) {
        this.code = code;
        this.length = code[code.length - 1].end;
        this.mode = mode;
        this.page = page;
        this.offset = offset;
        this.nextPage = nextPage;
    }

    /** Whether memory was written where this block was decoded from, or mapped otherwise. */
    public boolean stale() {
        return epoch == STALE;
    }

    /** Memory was written where this block was decoded from, or mapped otherwise. */
    void makeStale() {
        epoch = STALE;
        successor = null;
        otherSuccessor = null;
    }

    /** Whether it is what this address leads to in this epoch. */
    boolean isAt(long wantedKey, int wantedEpoch) {
        return key == wantedKey && epoch == wantedEpoch;
    }

    /**
     * Whether it is what this address leads to where that is translated to this physical one; not
     * said of blocks that go over their page's end.
     */
    boolean isStill(long wantedKey, long physical) {
        return key == wantedKey
                && !stale()
                && nextPage == null
                && page.number == physical >>> PhysicalMemory.PAGE_SHIFT
                && offset == (int) (physical & PhysicalMemory.PAGE_MASK);
    }

    /** The block at this address, if it is one of those that were run after this one; else null. */
    Block successor(long wantedKey, int wantedEpoch) {
        Block block = successor;
        if (block != null && block.isAt(wantedKey, wantedEpoch)) {
            return block;
        }
        block = otherSuccessor;
        return block != null && block.isAt(wantedKey, wantedEpoch) ? block : null;
    }

    void addSuccessor(Block block) {
        if (!stale()) {
            otherSuccessor = successor;
            successor = block;
        }
    }
}
