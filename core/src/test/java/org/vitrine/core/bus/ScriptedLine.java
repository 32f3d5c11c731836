package org.vitrine.core.bus;

import java.util.ArrayDeque;
import java.util.Queue;

/** The far end of a cable: what it has to say, what it was sent, and how much more it can take. */
public final class ScriptedLine implements CharacterLine {

    private final Queue<Integer> toReceive = new ArrayDeque<>();
    private final StringBuilder sent = new StringBuilder();
    private int room = Integer.MAX_VALUE;

    /** Has this to say from now on. */
    public void say(String text) {
        text.chars().forEach(toReceive::add);
    }

    /** Has a break to give. */
    public void sayBreak() {
        toReceive.add(BREAK);
    }

    /** Takes so many more characters. */
    public void takeOnly(int characters) {
        room = characters;
    }

    /** What was sent, a character for each byte. */
    public String sent() {
        return sent.toString();
    }

    /** How much has not been asked for yet. */
    public int waiting() {
        return toReceive.size();
    }

    @Override
    public int receive() {
        return toReceive.isEmpty() ? NOTHING : toReceive.remove();
    }

    @Override
    public boolean send(int character) {
        if (room == 0) {
            return false;
        }
        room--;
        sent.append((char) character);
        return true;
    }

    @Override
    public void attach(Runnable attention) {
        // Tests poll by themselves.
    }
}
