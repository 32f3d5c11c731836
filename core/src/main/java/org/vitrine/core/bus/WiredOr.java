package org.vitrine.core.bus;

/** One line with several drivers: it is high while any of them drives it high. */
public final class WiredOr {

    private final InterruptLine out;
    private int high;

    public WiredOr(InterruptLine out) {
        this.out = out;
    }

    /** A new driver's end, low. */
    public InterruptLine input() {
        return new Input();
    }

    private final class Input implements InterruptLine {
        private boolean level;

        @Override
        public void set(boolean now) {
            if (now != level) {
                level = now;
                high += now ? 1 : -1;
                out.set(high > 0);
            }
        }
    }
}
