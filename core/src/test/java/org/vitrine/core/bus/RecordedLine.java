package org.vitrine.core.bus;

/**
 * The far end of a wire: its level, and how often it rose. It takes each edge at once, unless a
 * test says otherwise.
 */
public final class RecordedLine implements TickLine {

    private boolean high;
    private int rises;
    private Reception reception = Reception.READY;
    private Runnable listener = () -> {};

    @Override
    public void set(boolean level) {
        if (level && !high) {
            rises++;
        }
        high = level;
    }

    @Override
    public Reception reception() {
        return reception;
    }

    @Override
    public void onTaken(Runnable taken) {
        listener = taken;
    }

    /** From now on an edge becomes this. */
    public void receive(Reception next) {
        reception = next;
    }

    /** The processor takes the interrupt of the last edge. */
    public void take() {
        listener.run();
    }

    public boolean isHigh() {
        return high;
    }

    /** How often the line has risen. */
    public int rises() {
        return rises;
    }
}
