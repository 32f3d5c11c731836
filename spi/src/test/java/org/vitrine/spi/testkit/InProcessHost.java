package org.vitrine.spi.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;

/** Frontends in the test's own process, called directly. */
final class InProcessHost implements TestHost {

    private final ScriptedDisplay display = new ScriptedDisplay();
    private final RecordedInput input = new RecordedInput();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<Attached> attached = new CopyOnWriteArrayList<>();
    private final List<RecordingContext> contexts = new CopyOnWriteArrayList<>();

    @Override
    public ScriptedDisplay display() {
        return display;
    }

    @Override
    public Frontend attach(FrontendProvider provider, OptionValues options)
            throws FrontendException, InterruptedException {
        RecordingContext context =
                new RecordingContext("test" + contexts.size(), display, input, events);
        contexts.add(context);
        Attached frontend = new Attached(context, provider.attach(context, options));
        attached.add(frontend);
        return frontend;
    }

    @Override
    public InputEvent nextInput() throws InterruptedException {
        return input.next();
    }

    @Override
    public boolean inputIsEmpty() {
        return input.isEmpty();
    }

    @Override
    public int openInputs() {
        return input.openPorts();
    }

    @Override
    public List<String> takeEvents() {
        List<String> taken = new ArrayList<>();
        events.drainTo(taken);
        return taken;
    }

    @Override
    public String nextEvent() throws InterruptedException {
        String event = events.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            throw new AssertionError("no client event came");
        }
        return event;
    }

    @Override
    public void awaitNothingRuns() throws InterruptedException {
        for (RecordingContext context : contexts) {
            context.awaitNoThreads();
        }
    }

    @Override
    public List<String> crashes() {
        return contexts.stream()
                .flatMap(context -> context.crashes().stream())
                .map(String::valueOf)
                .toList();
    }

    @Override
    public void close() {
        attached.forEach(Attached::close);
    }

    /** A frontend, with the host between it and those who close it. */
    private record Attached(RecordingContext context, Frontend frontend) implements Frontend {

        @Override
        public FrontendStatus status() {
            return frontend.status();
        }

        @Override
        public void reconfigure(OptionValues options) throws FrontendException {
            frontend.reconfigure(options);
        }

        @Override
        public void close() {
            context.detach();
            frontend.close();
        }
    }
}
