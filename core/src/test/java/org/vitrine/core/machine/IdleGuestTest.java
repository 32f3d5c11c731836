package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.time.Clock;

/** A guest that halts is woken for its timer's ticks, and for nothing else. */
class IdleGuestTest {

    /** Sets the PIT to this count; counts its ticks at 600 and halts between them. */
    private static final String PROGRAM =
            "FA 31C0 8ED8 8ED0 BC0070 C70620003C00 C706220000F0"
                    + "B034 E643 B011 E620 B008 E621 B004 E621 B001 E621 B0FE E621"
                    + "B0%02X E640 B0%02X E640 FB F4 EBFD"
                    + "90".repeat(2)
                    + "50 66FF060006 B020 E620 58 CF";

    /** PUSH, INC, MOV, OUT, POP, IRET, JMP, HLT. */
    private static final int INSTRUCTIONS_OF_A_TICK = 8;

    @ParameterizedTest
    @CsvSource({"0, 182", "11932, 999", "1193, 10001"})
    void itIsWokenForItsTicksAndForNothingElse(int count, int ticksInTenSeconds) {
        String code = PROGRAM.formatted(count & 0xFF, count >> 8);
        ClockBoard board = new ClockBoard(Guest.bios(code));
        board.turn();
        long start = board.instructions();
        int before = board.wakeUps();
        while (board.nanos() < 10 * Clock.SECOND) {
            board.turn();
        }
        int wakeUps = board.wakeUps() - before;
        assertEquals(ticksInTenSeconds, wakeUps);
        assertEquals(wakeUps, board.memory().read(0x600, 4));
        assertEquals((long) INSTRUCTIONS_OF_A_TICK * wakeUps, board.instructions() - start);
    }
}
