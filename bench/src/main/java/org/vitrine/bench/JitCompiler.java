package org.vitrine.bench;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The JVM's compiler, which must have come to rest before anything is measured: on a busy machine
 * it is seconds behind, and what runs meanwhile is slow code.
 */
final class JitCompiler {

    private static final long PAUSE_MILLIS = 20;
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);

    private JitCompiler() {}

    /**
     * Waits until nothing is being compiled or waits for it.
     *
     * @throws IllegalStateException when that takes minutes, since something keeps on running that
     *     is always new
     */
    static void awaitRest() throws InterruptedException {
        long begin = System.nanoTime();
        while (!rests()) {
            if (System.nanoTime() - begin > LIMIT_NANOS) {
                throw new IllegalStateException("the compiler does not come to rest");
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    /** Nanoseconds that it has worked since the JVM's start, whole milliseconds of them. */
    static long workNanos() {
        return TimeUnit.MILLISECONDS.toNanos(
                ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
    }

    /** As {@code jcmd Compiler.queue} tells: headings, and "Empty" under that of each queue. */
    private static boolean rests() {
        String queues;
        try {
            queues =
                    (String)
                            ManagementFactory.getPlatformMBeanServer()
                                    .invoke(
                                            new ObjectName(
                                                    "com.sun.management:type=DiagnosticCommand"),
                                            "compilerQueue",
                                            new Object[0],
                                            new String[0]);
        } catch (JMException e) {
            throw new IllegalStateException("this JVM does not tell what it compiles", e);
        }
        return queues.lines()
                .map(String::strip)
                .allMatch(line -> line.isEmpty() || line.equals("Empty") || line.endsWith(":"));
    }
}
