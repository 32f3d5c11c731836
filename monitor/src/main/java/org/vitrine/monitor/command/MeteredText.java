package org.vitrine.monitor.command;

/**
 * A text that can be looked at so often and no more, so that a regular expression whose matching
 * explodes ends. Not for several threads.
 */
final class MeteredText implements CharSequence {

    /** Looks at characters: far more than a sensible pattern takes on a screen; some 0.1 s. */
    private static final int LIMIT = 20_000_000;

    private final String text;
    private int looks;

    /** The text was looked at too often. */
    static final class Exhausted extends RuntimeException {
        Exhausted() {
            super("the text was looked at too often", null, false, false);
        }
    }

    MeteredText(String text) {
        this.text = text;
    }

    @Override
    public char charAt(int index) {
        looks++;
        if (looks > LIMIT) {
            throw new Exhausted();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
