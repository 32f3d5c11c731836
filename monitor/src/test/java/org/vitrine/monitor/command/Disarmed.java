package org.vitrine.monitor.command;

import java.util.List;

/** A monitor that can be given any request: what has effects outside the machine does nothing. */
public final class Disarmed {

    /** These end the machine, write files, start threads that live on, or take their time. */
    private static final List<Command> HARMFUL =
            List.of(
                    MachineCommands.QUIT,
                    MachineCommands.CONT,
                    DisplayCommands.SCREENDUMP,
                    ScreenTextCommands.WAIT_SCREEN_TEXT,
                    MemoryCommands.MEMSAVE,
                    MemoryCommands.PMEMSAVE,
                    InputCommands.SEND_KEY,
                    CharacterDeviceCommands.CHARDEV_ADD,
                    FrontendCommands.FRONTEND_ATTACH,
                    CpuCommands.CPU_STEP,
                    HostCommands.LOG_SET,
                    MonitorCommands.HUMAN_MONITOR_COMMAND);

    private Disarmed() {}

    /** Takes the harmful commands' code away, their arguments' check stays. */
    public static Dispatcher of(Monitor monitor) {
        HARMFUL.forEach(command -> monitor.dispatcher().bind(command, call -> null));
        return monitor.dispatcher();
    }
}
