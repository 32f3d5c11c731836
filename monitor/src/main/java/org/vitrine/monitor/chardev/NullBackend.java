package org.vitrine.monitor.chardev;

/** Nothing comes from there, and what goes there is lost. */
public final class NullBackend implements CharacterBackend {

    @Override
    public String kind() {
        return "null";
    }

    @Override
    public String filename() {
        return "null";
    }

    @Override
    public int receive() {
        return NOTHING;
    }

    @Override
    public boolean send(int character) {
        return true;
    }

    @Override
    public void attach(Runnable attention) {
        // There never is anything to tell.
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
