package org.vitrine.core.machine;

/**
 * What a machine has done since it was made; the difference of two of these is its speed.
 *
 * @param instructions instructions executed; a repeated string instruction counts each time it is
 *     begun again
 * @param frames pictures published
 * @param guestNanos guest time, which stands still while the machine is stopped
 * @param hostNanos {@link System#nanoTime} at the moment of counting
 */
public record MachineStatistics(long instructions, long frames, long guestNanos, long hostNanos) {}
