package org.vitrine.core.cpu.block;

import org.vitrine.core.cpu.decode.Decoder;
import org.vitrine.core.cpu.decode.Instruction;

/** Decoded instructions that follow one another, all beginning in one physical page. */
public final class Block {

    /** The {@link #key} of a block that is no longer true to memory. */
    static final long STALE = -1;

    /** The instructions, in order; at least one. */
    public final Instruction[] code;

    /** Bytes from the start of the first instruction to the end of the last. */
    public final int length;

    final Decoder.Mode mode;
    final CodePage page;
    final int offset;

    /** Where the last instruction goes on when it does so in another page; else null. */
    final CodePage nextPage;

    /** The next block in the page's chain. */
    Block next;

    /**
     * The linear address that it was last run at, with the mode; {@link #STALE} when it must not be
     * run again.
     */
    long key;

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
        return key == STALE;
    }
}
