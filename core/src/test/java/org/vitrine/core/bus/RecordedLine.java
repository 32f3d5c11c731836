package org.vitrine.core.bus;

/** The far end of a wire: its level, and how often it rose. */
public final class RecordedLine implements InterruptLine {

    private boolean high;
    private int rises;

    @Override
    public void set(boolean level) {
        if (level && !high) {
            rises++;
        }
        high = level;
    }

    public boolean isHigh() {
        return high;
    }

    /** How often the line has risen. */
    public int rises() {
        return rises;
    }
}
