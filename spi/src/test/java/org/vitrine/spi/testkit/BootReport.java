package org.vitrine.spi.testkit;

import java.time.Duration;

/** What a guest's start cost, for whoever reads the log of the tests. */
public final class BootReport {

    private BootReport() {}

    /**
     * Prints it in one line.
     *
     * @param what which guest, and how far it went
     * @param instructions how many it executed
     * @param time guest time since its power-on: host time less pauses
     */
    public static void print(String what, long instructions, Duration time) {
        System.out.printf(
                "boot: %s: %,d instructions, %.1f s%n", what, instructions, time.toNanos() / 1e9);
    }
}
