package org.vitrine.frontend.mjpeg;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.vitrine.frontend.mjpeg.codec.BadRequest;
import org.vitrine.frontend.mjpeg.codec.InputLines;
import org.vitrine.frontend.mjpeg.codec.MultipartFraming;
import org.vitrine.frontend.mjpeg.codec.OriginRules;
import org.vitrine.frontend.mjpeg.codec.Query;
import org.vitrine.spi.FrontendContext;
import org.vitrine.spi.FrontendStatus;
import org.vitrine.spi.display.ScreenText;

/** Answers requests, each on a thread of its own. What goes wrong with one ends that one alone. */
final class Site implements HttpHandler {

    /** Bytes of one request's input; a page sends some tens. */
    static final int MAX_INPUT = 1 << 16;

    /** Streams at once; bounds what strangers can make the host keep. */
    static final int MAX_STREAMS = 256;

    private final FrontendContext context;
    private final Supplier<Settings> settings;
    private final Camera camera;
    private final Pages pages;
    private final Counters counters;
    private final OriginRules origins;
    private final Duration firstFramePatience;
    private final byte[] viewer;
    private final byte[] script;
    private final byte[] style;
    private final Set<FrontendStatus.Client> streams = ConcurrentHashMap.newKeySet();

    /**
     * A site.
     *
     * @param settings the present ones; asked at each use
     * @param firstFramePatience how long a request waits for the machine's first frame
     */
    Site(
            FrontendContext context,
            Supplier<Settings> settings,
            Camera camera,
            Pages pages,
            Counters counters,
            Duration firstFramePatience) {
        this.context = context;
        this.settings = settings;
        this.camera = camera;
        this.pages = pages;
        this.counters = counters;
        this.firstFramePatience = firstFramePatience;
        this.origins = new OriginRules(settings.get().address().host());
        this.viewer = resource("viewer.html");
        this.script = resource("viewer.js");
        this.style = resource("viewer.css");
    }

    private static byte[] resource(String name) {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the plugin's JAR lacks " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + name + " from the plugin's JAR", e);
        }
    }

    List<FrontendStatus.Client> streams() {
        return List.copyOf(streams);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        counters.requests.increment();
        try (exchange) {
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            route(exchange);
        } catch (InterruptedException e) {
            // Detached: the server closes the connection.
        } catch (RuntimeException e) {
            context.logger()
                    .error(
                            "{} {} failed",
                            exchange.getRequestMethod(),
                            exchange.getRequestURI(),
                            e);
            if (exchange.getResponseCode() == -1) {
                text(exchange, 500, "this request has met a fault of the frontend: " + e);
            }
        }
    }

    private void route(HttpExchange exchange) throws IOException, InterruptedException {
        Headers headers = exchange.getRequestHeaders();
        List<String> hosts = headers.getOrDefault("Host", List.of());
        String hostRefused =
                hosts.size() > 1
                        ? "more than one Host header"
                        : origins.refuseHost(hosts.isEmpty() ? null : hosts.getFirst());
        if (hostRefused != null) {
            refuse(exchange, 403, hostRefused);
            return;
        }
        String query = exchange.getRequestURI().getRawQuery();
        try {
            switch (exchange.getRequestURI().getPath()) {
                case "/" -> {
                    if (reads(exchange)) {
                        Query.parse(query);
                        page(exchange);
                    }
                }
                case "/viewer.js" -> {
                    if (reads(exchange)) {
                        send(exchange, 200, "text/javascript; charset=utf-8", script);
                    }
                }
                case "/viewer.css" -> {
                    if (reads(exchange)) {
                        send(exchange, 200, "text/css; charset=utf-8", style);
                    }
                }
                case "/stream" -> {
                    if (reads(exchange)) {
                        stream(exchange, Query.parse(query, "fps", "quality", "page"));
                    }
                }
                case "/snapshot", "/snapshot.jpg" -> {
                    if (reads(exchange)) {
                        int quality =
                                Query.parse(query, "quality")
                                        .integer("quality", settings.get().quality(), 1, 100);
                        if (frameStands(exchange)) {
                            counters.snapshots.increment();
                            send(exchange, 200, "image/jpeg", camera.jpeg(quality).file());
                        }
                    }
                }
                case "/snapshot.png" -> {
                    if (reads(exchange)) {
                        Query.parse(query);
                        if (frameStands(exchange)) {
                            counters.snapshots.increment();
                            send(exchange, 200, "image/png", camera.png().file());
                        }
                    }
                }
                case "/text" -> {
                    if (reads(exchange)) {
                        Query.parse(query);
                        screenText(exchange);
                    }
                }
                case "/input" -> input(exchange, query);
                case null, default ->
                        refuse(
                                exchange,
                                404,
                                "there are /, /stream, /snapshot, /snapshot.png, /text and /input here");
            }
        } catch (BadRequest e) {
            refuse(exchange, 400, e.getMessage());
        }
    }

    /** Whether the request is one that only reads; else it is answered. */
    private boolean reads(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (method.equals("GET") || method.equals("HEAD")) {
            return true;
        }
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        refuse(exchange, 405, "this can be read with GET or HEAD, and nothing else");
        return false;
    }

    /** Waits for the machine's first frame; when none comes, the request is answered. */
    private boolean frameStands(HttpExchange exchange) throws IOException, InterruptedException {
        if (camera.awaitFirst(firstFramePatience)) {
            return true;
        }
        exchange.getResponseHeaders().set("Retry-After", "2");
        refuse(exchange, 503, "the machine has shown nothing yet");
        return false;
    }

    private void page(HttpExchange exchange) throws IOException {
        String html =
                new String(viewer, StandardCharsets.UTF_8)
                        .replace("{{machine}}", escape(context.machineName()))
                        .replace("{{input}}", settings.get().input() ? "on" : "off");
        // No other site may put the viewer into a frame of its own and have the user's clicks go
        // through.
        exchange.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; "
                                + "form-action 'none'");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        send(exchange, 200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private void stream(HttpExchange exchange, Query query)
            throws IOException, InterruptedException, BadRequest {
        int quality = query.integer("quality", 0, 1, 100);
        int fps = query.integer("fps", Integer.MAX_VALUE, 1, 1000);
        String page = query.page();
        if (!frameStands(exchange)) {
            return;
        }
        if (streams.size() >= MAX_STREAMS) {
            refuse(exchange, 503, "there are " + MAX_STREAMS + " streams already");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", MultipartFraming.CONTENT_TYPE);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        String description =
                "stream"
                        + (quality == 0 ? "" : ", quality " + quality)
                        + (fps == Integer.MAX_VALUE ? "" : ", " + fps + " fps");
        FrontendStatus.Client client = new FrontendStatus.Client(addressOf(exchange), description);
        streams.add(client);
        context.clientConnected(client);
        String reason = "closed by the client";
        try {
            new PictureStream(
                            camera,
                            exchange.getResponseBody(),
                            counters,
                            () -> {
                                if (page != null) {
                                    pages.seen(page);
                                }
                            })
                    .run(
                            new PictureStream.Pace() {
                                @Override
                                public int quality() {
                                    return quality == 0 ? settings.get().quality() : quality;
                                }

                                @Override
                                public int fps() {
                                    return Math.min(fps, settings.get().fps());
                                }
                            });
        } catch (InterruptedException | ClosedByInterruptException e) {
            reason = "detached";
            throw e;
        } catch (RuntimeException | Error e) {
            reason = "a fault of the frontend: " + e;
            throw e;
        } finally {
            streams.remove(client);
            context.clientDisconnected(client, reason);
            if (page != null) {
                pages.leave(page, "its stream ended");
            }
        }
    }

    private void screenText(HttpExchange exchange) throws IOException, InterruptedException {
        if (!frameStands(exchange)) {
            return;
        }
        ScreenText screen = camera.text();
        if (screen == null) {
            refuse(
                    exchange,
                    404,
                    "the guest is in a graphics mode, which has no text; /snapshot shows it");
            return;
        }
        text(exchange, 200, screen.toString().stripTrailing());
    }

    private void input(HttpExchange exchange, String rawQuery) throws IOException, BadRequest {
        Headers headers = exchange.getRequestHeaders();
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            refuse(exchange, 405, "input is sent with POST");
            return;
        }
        String refused =
                origins.refuseChange(
                        headers.getFirst("Host"),
                        headers.getFirst("Origin"),
                        headers.getFirst("Sec-Fetch-Site"));
        if (refused != null) {
            refuse(exchange, 403, refused);
            return;
        }
        if (!settings.get().input()) {
            refuse(exchange, 403, "input is switched off: this is for looking only");
            return;
        }
        String page = Query.parse(rawQuery, "page").page();
        if (page == null) {
            throw new BadRequest(
                    "parameter 'page' is needed: a random name of 8 to 64 letters and digits, the same "
                            + "for all input of one page");
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_INPUT + 1);
        if (body.length > MAX_INPUT) {
            refuse(exchange, 413, "more than " + MAX_INPUT + " bytes of input in one request");
            return;
        }
        InputLines.Parsed parsed = InputLines.parse(new String(body, StandardCharsets.UTF_8));
        if (!pages.perform(page, addressOf(exchange), parsed.commands())) {
            refuse(exchange, 503, "there are " + Pages.MAX_PAGES + " pages with keyboards already");
        } else if (parsed.unknownKeys().isEmpty()) {
            exchange.sendResponseHeaders(204, -1);
        } else {
            text(
                    exchange,
                    200,
                    "left out, since a PC has no such key: "
                            + String.join(", ", parsed.unknownKeys()));
        }
    }

    private static String addressOf(HttpExchange exchange) {
        InetSocketAddress remote = exchange.getRemoteAddress();
        String host = remote.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + remote.getPort();
    }

    private void refuse(HttpExchange exchange, int code, String why) throws IOException {
        counters.requestsRefused.increment();
        text(exchange, code, why);
    }

    private void text(HttpExchange exchange, int code, String text) throws IOException {
        send(
                exchange,
                code,
                "text/plain; charset=utf-8",
                (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void send(HttpExchange exchange, int code, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(code, -1);
            return;
        }
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
        counters.bytesSent.add(body.length);
    }
}
