package org.vitrine.frontend.mjpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vitrine.spi.Frontend;
import org.vitrine.spi.FrontendProvider;
import org.vitrine.spi.display.ScriptedDisplay;
import org.vitrine.spi.testkit.RecordingContext;
import org.vitrine.spi.testkit.TestHost;

/** In a host's own process, nothing of the JDK holds on to the plugin once it is detached. */
@Timeout(240)
class PluginLoaderTest {

    /** Sees the SPI and the JDK, and not the plugin that is also on this test's class path. */
    private static final class SpiOnly extends ClassLoader {
        SpiOnly() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("org.vitrine.spi.") || name.startsWith("org.slf4j.")) {
                return PluginLoaderTest.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }

    @Test
    void aDetachedPluginsLoaderCanBeCollected() throws Exception {
        WeakReference<ClassLoader> loader = useAndDetach();
        long deadline = System.nanoTime() + TestHost.PATIENCE.toNanos();
        while (loader.get() != null && System.nanoTime() - deadline < 0) {
            System.gc();
            Thread.sleep(20);
        }
        assertNull(loader.get(), "something holds on to the plugin's class loader");
    }

    private static WeakReference<ClassLoader> useAndDetach() throws Exception {
        URL classes = MjpegProvider.class.getProtectionDomain().getCodeSource().getLocation();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader plugin = new URLClassLoader(new URL[] {classes}, new SpiOnly())) {
            thread.setContextClassLoader(plugin);
            FrontendProvider provider =
                    ServiceLoader.load(FrontendProvider.class, plugin).findFirst().orElseThrow();
            assertNotSame(MjpegProvider.class, provider.getClass());
            ScriptedDisplay display = new ScriptedDisplay();
            display.setMode(64, 64);
            RecordingContext context = new RecordingContext(display);
            Frontend frontend =
                    provider.attach(context, provider.options().parse(Map.of("port", "0")));
            String url = frontend.status().endpoints().getFirst().url();
            thread.setContextClassLoader(before);
            try (HttpClient http = HttpClient.newHttpClient()) {
                for (String path : new String[] {"snapshot", "snapshot.png", ""}) {
                    assertEquals(
                            200,
                            http.send(
                                            HttpRequest.newBuilder(URI.create(url + path)).build(),
                                            HttpResponse.BodyHandlers.discarding())
                                    .statusCode());
                }
            }
            frontend.close();
            context.awaitNoThreads();
            awaitNoServerThreads();
            return new WeakReference<>(plugin);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The JDK's server has threads of its own, which the host can't account for. */
    private static void awaitNoServerThreads() throws InterruptedException {
        long deadline = System.nanoTime() + TestHost.PATIENCE.toNanos();
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread ->
                        thread.getName().startsWith("HTTP-Dispatcher")
                                || thread.getName().startsWith("idle-timeout-task"))) {
            assertTrue(
                    System.nanoTime() - deadline < 0, "a thread of the JDK's server did not end");
            Thread.sleep(5);
        }
    }
}
