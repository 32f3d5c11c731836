package org.vitrine.spi.testkit;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.vitrine.spi.input.KeyCode;

/**
 * A client of a frontend's protocol, as its author writes one for {@link FrontendSuite}: what
 * somebody sees and does who connects. Its methods may block, but only as long as the frontend
 * takes to answer. Belongs to one thread.
 */
public interface Viewer extends AutoCloseable {

    /** What a viewer can do. The suite asks it for nothing else. */
    enum Ability {
        /** {@link #text} gives the lines of a text mode. */
        TEXT,
        /** {@link #picture} gives the pixels of a graphics mode. */
        PICTURE,
        /** {@link #tap} types a key. */
        TYPES,
        /** {@link #key} presses and releases keys, which may stay down. */
        HOLDS_KEYS
    }

    /**
     * A picture.
     *
     * @param pixels 0x00RRGGBB, line by line with no gap
     */
    record Picture(int width, int height, int[] pixels) {}

    /** What this one can do. */
    Set<Ability> abilities();

    /**
     * The lines of the newest whole frame that it has, without trailing blanks; null when that is
     * no text, or there is none yet.
     */
    default List<String> text() throws Exception {
        throw new UnsupportedOperationException("this viewer shows no text");
    }

    /** The newest whole frame that it has, or null when there is none yet. */
    default Picture picture() throws Exception {
        throw new UnsupportedOperationException("this viewer shows no pictures");
    }

    /** Presses a key and releases it. */
    default void tap(KeyCode key) throws Exception {
        key(key, true);
        key(key, false);
    }

    /** Presses a key or releases it. */
    default void key(KeyCode key, boolean down) throws Exception {
        throw new UnsupportedOperationException("this viewer does not hold keys");
    }

    /**
     * Goes, without letting go of what it holds down. The frontend may have gone before it. Closing
     * again does nothing.
     */
    @Override
    void close() throws IOException;
}
