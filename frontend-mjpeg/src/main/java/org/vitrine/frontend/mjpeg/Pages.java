package org.vitrine.frontend.mjpeg;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.vitrine.frontend.mjpeg.codec.InputLines;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;

/**
 * The pages that type into the guest: an input port for each, under the name that the page gave
 * itself.
 *
 * <p>HTTP has no connection that tells when a page goes. So a page is taken for gone, and what it
 * holds down is released, when it says so, when its stream ends, or when for some time it has
 * neither sent input nor taken a picture of its stream. If it was alive after all, its next input
 * opens a port again.
 */
final class Pages {

    /** More pages than people share a keyboard; bounds what strangers can make the host keep. */
    static final int MAX_PAGES = 64;

    private static final class Page {
        final InputPort port;
        final FrontendStatus.Client client;
        long lastSign;

        Page(InputPort port, FrontendStatus.Client client, long now) {
            this.port = port;
            this.client = client;
            this.lastSign = now;
        }
    }

    private final FrontendContext context;
    private final Counters counters;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Page> pages = new HashMap<>();
    private final Queue<Runnable> news = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean telling = new AtomicBoolean();
    private boolean closed;

    /**
     * No pages yet.
     *
     * @param patience how long a page may be silent
     */
    Pages(FrontendContext context, Counters counters, Duration patience) {
        this.context = context;
        this.counters = counters;
        this.patience = patience;
    }

    /**
     * Watches for pages that have fallen silent, until interrupted or closed: the body of a thread.
     */
    void watch() {
        try {
            while (awaitNews()) {
                tell();
            }
        } catch (InterruptedException e) {
            // Detached: close() lets the pages go.
        }
    }

    /** Closes silent pages, or waits until there may be some; false when closed. */
    private boolean awaitNews() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long wait = closeSilent();
            if (!closed && news.isEmpty()) {
                if (pages.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(wait);
                }
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells the host who came and went, in that order, unless another thread is at it, which then
     * tells this too. Never under the lock: the host may hold one of its own here, and under it ask
     * for {@link #clients}.
     */
    private void tell() {
        while (!news.isEmpty() && telling.compareAndSet(false, true)) {
            try {
                for (Runnable event = news.poll(); event != null; event = news.poll()) {
                    event.run();
                }
            } finally {
                telling.set(false);
            }
        }
    }

    /** Closes silent pages; nanoseconds until the next one could be. The lock is held. */
    private long closeSilent() {
        long now = System.nanoTime();
        long next = patience.toNanos();
        Iterator<Page> iterator = pages.values().iterator();
        while (iterator.hasNext()) {
            Page page = iterator.next();
            long left = page.lastSign + patience.toNanos() - now;
            if (left <= 0) {
                iterator.remove();
                end(page, "silent for " + patience.toMillis() + " ms");
            } else {
                next = Math.min(next, left);
            }
        }
        return next;
    }

    /**
     * Does what a page asks for.
     *
     * @param name the page's name for itself
     * @param address where it is, {@code HOST:PORT}
     * @return false when there are too many pages already
     */
    boolean perform(String name, String address, List<InputLines.Command> commands) {
        lock.lock();
        try {
            for (InputLines.Command command : commands) {
                switch (command) {
                    case InputLines.Command.Send(List<InputEvent> events) -> {
                        Page page = pages.get(name);
                        if (page == null) {
                            if (closed || pages.size() >= MAX_PAGES) {
                                return false;
                            }
                            page = open(name, address);
                        }
                        page.port.send(events.toArray(InputEvent[]::new));
                        counters.inputEvents.add(events.size());
                    }
                    case InputLines.Command.Release() -> {
                        Page page = pages.get(name);
                        if (page != null) {
                            page.port.releaseAll();
                        }
                    }
                    case InputLines.Command.Leave() -> {
                        Page page = pages.remove(name);
                        if (page != null) {
                            end(page, "the page was left");
                        }
                    }
                }
            }
            seen(name);
            return true;
        } finally {
            lock.unlock();
            tell();
        }
    }

    private Page open(String name, String address) {
        FrontendStatus.Client client =
                new FrontendStatus.Client(address, "page, keyboard and pointer");
        Page page = new Page(context.openInput(address), client, System.nanoTime());
        pages.put(name, page);
        changed.signalAll();
        news.add(() -> context.clientConnected(client));
        return page;
    }

    /** Notes that this page, if it is known, is alive. */
    void seen(String name) {
        lock.lock();
        try {
            Page page = pages.get(name);
            if (page != null) {
                page.lastSign = System.nanoTime();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets a page go, if it is known. */
    void leave(String name, String reason) {
        lock.lock();
        try {
            Page page = pages.remove(name);
            if (page != null) {
                end(page, reason);
            }
        } finally {
            lock.unlock();
        }
        tell();
    }

    private void end(Page page, String reason) {
        page.port.close();
        news.add(() -> context.clientDisconnected(page.client, reason));
    }

    List<FrontendStatus.Client> clients() {
        lock.lock();
        try {
            return pages.values().stream().map(page -> page.client).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Lets every page go, while more may come, as when input is switched off. */
    void leaveAll(String reason) {
        lock.lock();
        try {
            endAll(reason);
        } finally {
            lock.unlock();
        }
        tell();
    }

    /** Lets every page go and takes no more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            endAll("detached");
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        tell();
    }

    private void endAll(String reason) {
        pages.values().forEach(page -> end(page, reason));
        pages.clear();
    }
}
