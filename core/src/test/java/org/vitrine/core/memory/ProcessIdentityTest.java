package org.vitrine.core.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {

    @BeforeEach
    void needsProc() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "there is no /proc");
    }

    @Test
    void thisProcessIsAlive() {
        ProcessIdentity own = ProcessIdentity.current();
        assertEquals(ProcessHandle.current().pid(), own.pid());
        assertTrue(own.alive());
    }

    @Test
    void laterProcessWithTheSameNumberIsAnother() {
        ProcessIdentity own = ProcessIdentity.current();
        assertFalse(new ProcessIdentity(own.pid(), own.startTime() + 1).alive());
        assertFalse(new ProcessIdentity(own.pid(), own.startTime() - 1).alive());
    }

    @Test
    void processThatHasEndedIsNotAlive() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        assertFalse(new ProcessIdentity(process.pid(), 0).alive());
    }
}
