package org.vitrine.spi.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.OptionValues;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.input.InputEvent;

/** Frontends in the test's own process, called directly. */
final class InProcessHost implements TestHost {

    private final ScriptedDisplay display = new ScriptedDisplay();
    private final RecordingContext context = new RecordingContext(display);
    private final List<Frontend> attached = new CopyOnWriteArrayList<>();

    @Override
    public ScriptedDisplay display() {
        return display;
    }

    @Override
    public Frontend attach(FrontendProvider provider, OptionValues options)
            throws FrontendException, InterruptedException {
        Frontend frontend = provider.attach(context, options);
        attached.add(frontend);
        return frontend;
    }

    @Override
    public InputEvent nextInput() throws InterruptedException {
        return context.nextInput();
    }

    @Override
    public boolean inputIsEmpty() {
        return context.inputIsEmpty();
    }

    @Override
    public int openInputs() {
        return context.openInputs();
    }

    @Override
    public List<String> takeEvents() {
        return context.takeEvents();
    }

    @Override
    public String nextEvent() throws InterruptedException {
        return context.nextEvent();
    }

    @Override
    public void awaitNothingRuns() throws InterruptedException {
        context.awaitNoThreads();
    }

    @Override
    public List<String> crashes() {
        return context.crashes().stream().map(String::valueOf).toList();
    }

    @Override
    public void close() {
        attached.forEach(Frontend::close);
    }
}
