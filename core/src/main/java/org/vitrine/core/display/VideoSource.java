package org.vitrine.core.display;

import java.lang.foreign.MemorySegment;
import org.vitrine.core.memory.DirtyLog;

/**
 * A video adapter as the renderer sees it: what is shown, in which colours, out of which memory.
 *
 * <p>Used by the vCPU thread alone.
 */
public interface VideoSource {

    /** What is shown now; the same object as long as nothing changes but memory and colours. */
    Picture picture();

    /**
     * What each pixel value or attribute looks like: 256 colours, 0x00RRGGBB. Not to be changed or
     * kept.
     */
    int[] colours();

    /** Another number whenever one of the colours has changed. */
    int coloursVersion();

    /** How long the adapter takes for a frame, in nanoseconds of guest time. */
    long frameNanos();

    /** Video memory. */
    MemorySegment memory();

    /** What was written to video memory; the renderer cleans it. */
    DirtyLog writes();
}
