package org.vitrine.core.device.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.time.Clock;
import org.vitrine.core.time.ManualClock;
import org.vitrine.core.time.Scheduler;
import org.vitrine.spi.input.PointerButton;

class Ps2MouseTest {

    private final ManualClock clock = new ManualClock();
    private final Scheduler scheduler = new Scheduler(clock);
    private final Ps2Mouse mouse = new Ps2Mouse(scheduler);

    private String sent() {
        StringBuilder row = new StringBuilder();
        while (mouse.hasByte()) {
            row.append(row.isEmpty() ? "" : " ").append(String.format("%02X", mouse.takeByte()));
        }
        return row.toString();
    }

    private String answer(int... bytes) {
        StringBuilder row = new StringBuilder();
        for (int value : bytes) {
            mouse.receive(value);
            row.append(row.isEmpty() ? "" : " ").append(sent());
        }
        return row.toString();
    }

    /** What the mouse sends in the next second, the reports parted by strokes. */
    private String reports() {
        StringBuilder row = new StringBuilder();
        long end = clock.nanos() + Clock.SECOND;
        while (clock.nanos() < end) {
            clock.pass(scheduler, 1_000_000);
            String report = sent();
            if (!report.isEmpty()) {
                row.append(row.isEmpty() ? "" : " | ").append(report);
            }
        }
        return row.toString();
    }

    private void move(int right, int down) {
        mouse.move(right, down);
        mouse.sync();
    }

    private void button(PointerButton button, boolean down) {
        mouse.button(button, down);
        mouse.sync();
    }

    private void knock(int first, int second, int third) {
        assertEquals("FA FA FA FA FA FA", answer(0xF3, first, 0xF3, second, 0xF3, third));
    }

    @Test
    void resetPassesTheSelfTestAndIsSilent() {
        assertEquals("FA AA 00", answer(0xFF));
        move(1, 1);
        assertEquals("", reports());
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 08 01 00",
        "-1, 0, 18 FF 00",
        "0, 1, 28 00 FF",
        "0, -1, 08 00 01",
        "255, -255, 08 FF FF",
        "-255, 255, 38 01 01",
        "300, 0, 08 FF 00 | 08 2D 00",
        "-600, 0, 18 01 00 | 18 01 00 | 18 A6 00"
    })
    void motionIsReportedWithNineBits(int right, int down, String expected) {
        answer(0xF4);
        move(right, down);
        assertEquals(expected, reports());
    }

    @Test
    void buttonsAreReportedInTheirBits() {
        answer(0xF4);
        button(PointerButton.LEFT, true);
        button(PointerButton.RIGHT, true);
        button(PointerButton.MIDDLE, true);
        button(PointerButton.LEFT, false);
        assertEquals("09 00 00 | 0B 00 00 | 0F 00 00 | 0E 00 00", reports());
        button(PointerButton.MIDDLE, true);
        assertEquals("", reports(), "nothing changed");
    }

    @Test
    void aGroupMakesOneReportButAClickMakesTwo() {
        answer(0xF4);
        mouse.move(5, 0);
        mouse.button(PointerButton.LEFT, true);
        mouse.move(2, 0);
        mouse.sync();
        assertEquals("09 07 00", reports());
        mouse.button(PointerButton.LEFT, false);
        mouse.button(PointerButton.LEFT, true);
        mouse.button(PointerButton.LEFT, false);
        mouse.sync();
        assertEquals("08 00 00 | 09 00 00 | 08 00 00", reports());
    }

    @Test
    void quickMotionIsSummedUpAtTheSamplingRate() {
        answer(0xF4);
        assertEquals("FA FA", answer(0xF3, 20));
        int reported = 0;
        for (int i = 0; i < 1000; i++) {
            move(1, 0);
            clock.pass(scheduler, 1_000_000);
            if (!sent().isEmpty()) {
                reported++;
            }
        }
        assertEquals(20, reported, 1);
    }

    @Test
    void wheelAndFiveButtonMiceAreFoundByTheirKnocks() {
        assertEquals("FA 00", answer(0xF2));
        answer(0xF4);
        button(PointerButton.WHEEL_UP, true);
        assertEquals("08 00 00", reports(), "a plain mouse has no wheel");
        knock(200, 100, 80);
        assertEquals("FA 03", answer(0xF2));
        button(PointerButton.WHEEL_UP, true);
        button(PointerButton.WHEEL_UP, false);
        assertEquals("08 00 00 FF", reports());
        button(PointerButton.WHEEL_DOWN, true);
        button(PointerButton.WHEEL_DOWN, false);
        assertEquals("08 00 00 01", reports());
        button(PointerButton.SIDE, true);
        assertEquals("08 00 00 00", reports());
        button(PointerButton.SIDE, false);
        reports();
        knock(200, 200, 80);
        assertEquals("FA 04", answer(0xF2));
        button(PointerButton.SIDE, true);
        button(PointerButton.EXTRA, true);
        button(PointerButton.WHEEL_UP, true);
        assertEquals("08 00 00 10 | 08 00 00 3F", reports());
        answer(0xFF);
        assertEquals("FA 00", answer(0xF2));
    }

    @Test
    void manyNotchesMakeSeveralReports() {
        knock(200, 100, 80);
        answer(0xF4);
        for (int i = 0; i < 10; i++) {
            mouse.button(PointerButton.WHEEL_DOWN, true);
            mouse.button(PointerButton.WHEEL_DOWN, false);
        }
        mouse.sync();
        assertEquals("08 00 00 07 | 08 00 00 03", reports());
    }

    @Test
    void statusTellsSettingsAndButtons() {
        assertEquals("FA 00 02 64", answer(0xE9));
        answer(0xF4, 0xE7, 0xE8, 3, 0xF3, 40);
        button(PointerButton.LEFT, true);
        button(PointerButton.MIDDLE, true);
        reports();
        assertEquals("FA 36 03 28", answer(0xE9));
        assertEquals("FA", answer(0xF6));
        assertEquals("FA 06 02 64", answer(0xE9));
        assertEquals("FA 46 02 64", answer(0xF0, 0xE9).substring(3));
    }

    @ParameterizedTest
    @CsvSource({"1, 01", "2, 01", "3, 03", "4, 06", "5, 09", "6, 0C", "100, C8", "200, FF"})
    void scalingOf2To1FollowsItsTable(int counts, String expected) {
        answer(0xF4, 0xE7);
        move(counts, 0);
        assertEquals("08 " + expected + " 00", reports());
        answer(0xE6);
        move(5, 0);
        assertEquals("08 05 00", reports());
    }

    @Test
    void remoteModeReportsWhenAsked() {
        answer(0xF0);
        move(3, 0);
        move(4, 0);
        assertEquals("", reports());
        assertEquals("FA 08 07 00", answer(0xEB));
        assertEquals("FA 08 00 00", answer(0xEB));
        answer(0xEA, 0xF4);
        move(3, 0);
        assertEquals("08 03 00", reports());
    }

    @Test
    void wrapModeEchoesAllButItsEndAndReset() {
        assertEquals("FA F4 00 E9", answer(0xEE, 0xF4, 0x00, 0xE9));
        assertEquals("FA", answer(0xEC));
        assertEquals("FA 00 02 64", answer(0xE9));
        answer(0xEE);
        assertEquals("FA AA 00", answer(0xFF));
    }

    @Test
    void badCommandsAndArgumentsAreAskedForAgain() {
        assertEquals("FE", answer(0xE1));
        assertEquals("FA FE FA", answer(0xF3, 55, 60));
        assertEquals("FA FE FA", answer(0xE8, 4, 1));
        assertEquals("FA 00 01 3C", answer(0xE9));
        assertEquals("3C", answer(0xFE));
    }

    @Test
    void motionWhileReportingIsOffIsForgotten() {
        answer(0xF4);
        answer(0xF5);
        move(50, 50);
        answer(0xF4);
        assertEquals("", reports());
        assertFalse(mouse.hasByte());
    }

    @Test
    void aGuestThatDoesNotReadLosesNoMotionAndLearnsTheLastButtonState() {
        answer(0xF4);
        for (int i = 0; i < 500; i++) {
            button(PointerButton.LEFT, i % 2 == 0);
            move(1, 0);
        }
        String[] reports = reports().split(" \\| ");
        assertEquals(
                "08",
                reports[reports.length - 1].substring(0, 2),
                "the last state is the one that is true");
        int motion = 0;
        for (String report : reports) {
            motion += Integer.parseInt(report.split(" ")[1], 16);
        }
        assertEquals(500, motion);
    }
}
