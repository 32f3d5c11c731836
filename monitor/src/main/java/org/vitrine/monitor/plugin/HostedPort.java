package org.vitrine.monitor.plugin;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;

/**
 * An input port that the host forgets when it is closed, and that takes no more than its frontend's
 * budget: of what is beyond, releases alone come through, so that no key stays down, and whoever
 * sends it is slowed down.
 */
final class HostedPort implements InputPort {

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    private final InputPort port;
    private final Set<InputPort> open;
    private final Budget budget;
    private final Runnable flooded;

    /**
     * @param open the ports of its frontend
     * @param budget of all of them, in events
     * @param flooded called when more begins to come than the budget allows
     */
    HostedPort(InputPort port, Set<InputPort> open, Budget budget, Runnable flooded) {
        this.port = port;
        this.open = open;
        this.budget = budget;
        this.flooded = flooded;
    }

    @Override
    public void send(InputEvent... group) {
        InputEvent[] sent = group;
        switch (budget.spend(group.length)) {
            case WITHIN -> {}
            case FIRST_BEYOND -> {
                flooded.run();
                sent = releases(group);
            }
            case BEYOND -> {
                LockSupport.parkNanos(PAUSE);
                sent = releases(group);
            }
        }
        port.send(sent);
    }

    private static InputEvent[] releases(InputEvent[] group) {
        return Arrays.stream(group)
                .filter(event ->
                        switch (event) {
                            case InputEvent.Key key -> !key.down();
                            case InputEvent.Button button -> !button.down();
                            case InputEvent.RelativeMove move -> false;
                            case InputEvent.AbsoluteMove move -> false;
                        })
                .toArray(InputEvent[]::new);
    }

    @Override
    public void releaseAll() {
        port.releaseAll();
    }

    @Override
    public void close() {
        open.remove(this);
        port.close();
    }
}
