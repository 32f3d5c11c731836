package org.vitrine.core.bus;

/** A wire that several devices pull: high while at least one of them drives it high. */
public final class SharedLine {

    private final InterruptLine line;
    private int high;

    public SharedLine(InterruptLine line) {
        this.line = line;
    }

    /** Another device's end of the wire; low until driven. */
    public InterruptLine input() {
        return new Input();
    }

    private final class Input implements InterruptLine {

        private boolean level;

        @Override
        public void set(boolean newLevel) {
            if (newLevel != level) {
                level = newLevel;
                high += newLevel ? 1 : -1;
                line.set(high > 0);
            }
        }
    }
}
