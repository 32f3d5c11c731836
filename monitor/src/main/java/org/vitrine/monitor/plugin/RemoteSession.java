package org.vitrine.monitor.plugin;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.vitrine.spi.FrontendException;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.input.InputEvent;
import org.vitrine.spi.input.InputPort;

/**
 * One connection of a frontend that runs in another process, from its registration to the
 * connection's end: what the other side tells goes in here, and what the host asks goes out over
 * the {@link FrontendChannel}. Safe for use by several threads.
 */
public final class RemoteSession {

    /** More clients than any frontend has; what goes beyond is a fault. */
    private static final int CLIENT_LIMIT = 1024;

    private final RemoteFrontend frontend;
    private final GuestLink guest;
    private final FrontendChannel channel;
    private final EventOrder events;

    // Guarded by this object.
    private final Map<String, InputPort> ports = new HashMap<>();
    private final Map<Long, CompletableFuture<Answer>> pending = new HashMap<>();
    private Report report = Report.NOTHING;
    private long lastRequest;
    private boolean ready;
    private boolean ended;
    private boolean saidGoodbye;
    private String error;

    /**
     * A frontend's account of itself.
     *
     * @param options its options by name, without the secret ones
     */
    public record Report(FrontendStatus status, Map<String, Object> options) {

        static final Report NOTHING =
                new Report(new FrontendStatus(List.of(), List.of(), Map.of()), Map.of());

        public Report {
            options = Map.copyOf(options);
        }
    }

    /** What came back: one of the two is null. */
    private record Answer(Report report, String error) {}

    RemoteSession(
            RemoteFrontend frontend,
            GuestLink guest,
            FrontendChannel channel,
            FrontendListener listener) {
        this.frontend = frontend;
        this.guest = guest;
        this.channel = channel;
        this.events = new EventOrder(listener);
    }

    /** The frontend's id, which the host may have chosen. */
    public String id() {
        return frontend.id();
    }

    /** Its options, typed, secret ones included, when the host started it; else null. */
    public Map<String, Object> options() {
        return frontend.given();
    }

    /**
     * It is attached, and says where.
     *
     * @throws FrontendException when it is not wanted any more
     */
    public void ready(Report first) throws FrontendException {
        synchronized (this) {
            if (ready || ended) {
                throw new FrontendException("frontend '" + id() + "' is ready already");
            }
            ready = true;
            report = first;
        }
        frontend.ready(this);
        events.announce(new FrontendEvent.Attached(id(), frontend.driver()));
    }

    /** It ends: by a fault when there is an error, else because it wants to. */
    public void goodbye(String fault) {
        synchronized (this) {
            saidGoodbye = true;
            error = fault;
        }
    }

    public void clientConnected(FrontendStatus.Client client) {
        events.client(new FrontendEvent.ClientConnected(id(), client));
    }

    public void clientDisconnected(FrontendStatus.Client client, String reason) {
        events.client(new FrontendEvent.ClientDisconnected(id(), client, reason));
    }

    /**
     * Sends input of one of its clients to the guest, where it waits while the guest is paused.
     *
     * @throws FrontendException when there are too many clients, or the session has ended
     */
    public void input(String client, InputEvent... group) throws FrontendException {
        InputPort port;
        synchronized (this) {
            if (ended) {
                throw new FrontendException("frontend '" + id() + "' has ended");
            }
            port = ports.get(client);
            if (port == null) {
                if (ports.size() >= CLIENT_LIMIT) {
                    throw new FrontendException(
                            "frontend '" + id() + "' has more than " + CLIENT_LIMIT + " clients");
                }
                port = guest.openInput(id() + "/" + client);
                ports.put(client, port);
            }
            if (group.length > 0) {
                port.send(group);
            }
        }
    }

    /** Releases what this client holds down. */
    public void releaseInput(String client) {
        synchronized (this) {
            InputPort port = ports.get(client);
            if (port != null) {
                port.releaseAll();
            }
        }
    }

    /** This client sends nothing more; what it holds down is released. */
    public void closeInput(String client) {
        synchronized (this) {
            InputPort port = ports.remove(client);
            if (port != null) {
                port.close();
            }
        }
    }

    /** The answer to what was asked with this number; one that nobody waits for is dropped. */
    public void answer(long request, Report answer, String refusal) {
        CompletableFuture<Answer> waiting;
        synchronized (this) {
            if (answer != null) {
                report = answer;
            }
            waiting = pending.remove(request);
        }
        if (waiting != null) {
            waiting.complete(new Answer(answer, refusal));
        }
    }

    /** The connection has ended. What its clients held down is released before this returns. */
    public void lost() {
        if (end()) {
            frontend.lost(this);
        }
    }

    /** Ends the session; whether this call did. */
    boolean end() {
        List<CompletableFuture<Answer>> waiting;
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            ports.values().forEach(InputPort::close);
            ports.clear();
            waiting = List.copyOf(pending.values());
            pending.clear();
        }
        waiting.forEach(answer -> answer.complete(new Answer(null, "the frontend has ended")));
        return true;
    }

    /** The newest report within the limit, else the last one that came. */
    Report report(Duration limit) {
        try {
            Answer answer = ask(limit, channel::askStatus);
            if (answer.report() != null) {
                return answer.report();
            }
        } catch (TimeoutException e) {
            frontend.logger().warn("no status within {} ms", limit.toMillis());
        }
        return lastReport();
    }

    /** The last report that came. */
    synchronized Report lastReport() {
        return report;
    }

    void change(Map<String, ?> changes, Duration limit) throws FrontendException {
        Answer answer;
        try {
            answer = ask(limit, request -> channel.askChange(request, changes));
        } catch (TimeoutException e) {
            throw new FrontendException(
                    frontend.driver()
                            + ": the frontend's process did not answer within "
                            + limit.toMillis()
                            + " ms",
                    e);
        }
        if (answer.error() != null) {
            throw new FrontendException(answer.error());
        }
    }

    private interface Question {
        void ask(long request);
    }

    private Answer ask(Duration limit, Question question) throws TimeoutException {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        long request;
        synchronized (this) {
            if (ended) {
                return new Answer(null, "the frontend has ended");
            }
            request = ++lastRequest;
            pending.put(request, answer);
        }
        try {
            question.ask(request);
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(null, "interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            synchronized (this) {
                pending.remove(request);
            }
        }
    }

    FrontendChannel channel() {
        return channel;
    }

    EventOrder events() {
        return events;
    }

    synchronized boolean isReady() {
        return ready;
    }

    /** The fault that it told of, or null. */
    synchronized String error() {
        return error;
    }

    /** Whether it said that it ends, and not for a fault. */
    synchronized boolean leftOrderly() {
        return saidGoodbye && error == null;
    }
}
