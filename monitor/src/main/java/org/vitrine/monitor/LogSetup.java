package org.vitrine.monitor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.function.Consumer;

/**
 * Sends the log to the standard error stream, or to the terminal's own printer while one is at
 * work, so that a line of the log does not run into the line being typed. In code, since reading an
 * XML file would take longer than the machine's start. The level is the system property {@code
 * vitrine.log}, else WARN; with {@code vitrine.log.untimed} lines have no time.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {

    private static final Consumer<String> STANDARD_ERROR = line -> System.err.print(line);

    private static volatile Consumer<String> printer = STANDARD_ERROR;

    /** Sends lines to this printer from now on, or to the standard error stream when it is null. */
    static void printTo(Consumer<String> newPrinter) {
        printer = newPrinter == null ? STANDARD_ERROR : newPrinter;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        // Another process puts the time to lines that it reads.
        String time = Boolean.getBoolean("vitrine.log.untimed") ? "" : "%d{HH:mm:ss.SSS} ";
        layout.setPattern(time + "%-5level %logger{0}: %msg%n");
        layout.start();
        LogFlood flood = new LogFlood();
        AppenderBase<ILoggingEvent> appender =
                new AppenderBase<>() {
                    @Override
                    protected void append(ILoggingEvent event) {
                        switch (flood.judge(event.getLoggerName())) {
                            case WITHIN -> printer.accept(layout.doLayout(event));
                            case FIRST_BEYOND ->
                                    printer.accept(
                                            LogFlood.notice(event.getLoggerName())
                                                    + System.lineSeparator());
                            case BEYOND -> {}
                        }
                    }
                };
        appender.setContext(context);
        appender.setName("log");
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty("vitrine.log"), Level.WARN));
        root.addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
