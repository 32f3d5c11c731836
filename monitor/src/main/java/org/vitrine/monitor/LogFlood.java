package org.vitrine.monitor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.vitrine.monitor.plugin.Budget;

/**
 * Keeps plugins from flooding the log: each frontend's logger, and all others that are not the
 * emulator's own together, may say so many lines at once, and so many a second from then on. Safe
 * for use by several threads.
 */
final class LogFlood {

    private static final int BURST = 500;
    private static final int PER_SECOND = 100;
    private static final String FRONTEND = "frontend.";
    private static final String OTHERS = "plugins";

    private final Map<String, Budget> budgets = new ConcurrentHashMap<>();

    /** What becomes of a line of this logger. */
    Budget.Verdict judge(String logger) {
        if (logger.startsWith("org.vitrine.monitor.") || logger.startsWith("org.vitrine.core.")) {
            return Budget.Verdict.WITHIN;
        }
        return budgets.computeIfAbsent(
                        logger.startsWith(FRONTEND) ? logger : OTHERS,
                        name -> new Budget(BURST, PER_SECOND))
                .spend(1);
    }

    /** What is said when a logger begins to say too much. */
    static String notice(String logger) {
        return logger
                + " says more than "
                + PER_SECOND
                + " lines a second; what is beyond is not shown";
    }
}
