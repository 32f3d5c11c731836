package org.vitrine.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.machine.MemoryPlan;
import org.vitrine.core.memory.SharedMaps;

class SharedMapsOptionTest {

    private static final String KNOWN =
            "640k, below_4g, above_4g, vga, bios, option_rom, display, all";

    private static MemoryPlan plan(long mebibytes) {
        return MemoryPlan.of(mebibytes << 20, 0x20000);
    }

    private static String refusal(String argument) {
        return assertThrows(CommandLineException.class, () -> SharedMapsOption.parse(argument))
                .getMessage();
    }

    @Test
    void namesFollowTheLastColon() throws CommandLineException {
        assertEquals(
                new SharedMapsOption(Path.of("a:b/vm,1"), List.of("vga", "bios"), false, false),
                SharedMapsOption.parse("a:b/vm,1:vga,bios"));
    }

    @Test
    void otherSpellingsMeanTheSameBlocks() throws CommandLineException {
        assertEquals(
                List.of("below_4g", "above_4g"),
                SharedMapsOption.parse("vm:before_4g,after_4g").names());
    }

    @Test
    void settingsMayStandAnywhereAmongTheNames() throws CommandLineException {
        assertEquals(
                new SharedMapsOption(Path.of("vm"), List.of("display"), true, true),
                SharedMapsOption.parse("vm:keep=on,display,sync=on"));
        assertFalse(SharedMapsOption.parse("vm:vga,keep=off").keep());
    }

    @Test
    void allIsWhatThisMachineHas() throws CommandLineException {
        SharedMaps.Request request = SharedMapsOption.parse("vm:all").request(plan(128));
        assertEquals(
                Map.of(
                        "640k", 640L << 10,
                        "below_4g", 127L << 20,
                        "vga", 16L << 20,
                        "bios", 0x20000L,
                        "option_rom", 128L << 10,
                        "display", plan(128).block("display").size()),
                request.sizes());
        assertTrue(
                SharedMapsOption.parse("vm:all")
                        .request(plan(8192))
                        .sizes()
                        .containsKey("above_4g"));
    }

    @Test
    void ramThatThisMachineLacksIsRefusedWithWhatItTakes() throws CommandLineException {
        SharedMapsOption option = SharedMapsOption.parse("vm:after_4g");
        String message =
                assertThrows(CommandLineException.class, () -> option.request(plan(3584)))
                        .getMessage();
        assertEquals(
                "-sharedmaps above_4g: this machine has no RAM there; it takes -m 3585 or more",
                message);
        assertEquals(Map.of("above_4g", 513L << 20), option.request(plan(3585)).sizes());
        assertEquals(
                "-sharedmaps below_4g: this machine has no RAM there; it takes -m 2 or more",
                assertThrows(
                                CommandLineException.class,
                                () -> SharedMapsOption.parse("vm:below_4g").request(plan(1)))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "vm:vga,vgb | there is no map 'vgb'; names are KNOWN",
                "vm:vga, | there is no map ''; names are KNOWN",
                "vm:VGA | there is no map 'VGA'; names are KNOWN",
                "vm:vga,bios,vga | 'vga' is there twice",
                "vm:below_4g,before_4g | 'before_4g' is there twice: it is another word for"
                        + " below_4g",
                "vm:all,vga | asks for all, so 'vga' is there twice",
                "vm: | names no map; names are KNOWN",
                "vm:keep=on | names no map; names are KNOWN",
                ":vga | needs a prefix of file names before the colon, not ''",
                "dir/:vga | needs a prefix of file names before the colon, not 'dir/'",
                "vga | takes PREFIX:NAME[,NAME...], and 'vga' has no colon; names are KNOWN",
                "vm:vga,keep=yes | keep is on or off, not 'yes'",
                "vm:vga,sync=on | sync=on is about the map 'display', which is not asked for"
            })
    void whatIsWrongIsSaidInOneLine(String argument, String message) {
        assertEquals("-sharedmaps " + message.replace("KNOWN", KNOWN), refusal(argument));
    }

    @Test
    void mayBeGivenOnce() {
        assertEquals(
                "-sharedmaps may be given once; all names go behind one prefix",
                assertThrows(
                                CommandLineException.class,
                                () ->
                                        LaunchOptions.parse(
                                                "-sharedmaps", "a:vga", "-sharedmaps", "b:bios"))
                        .getMessage());
    }

    @Test
    void helpIsAskedForByAQuestionMark() throws CommandLineException {
        assertTrue(LaunchOptions.parse("-sharedmaps", "?").sharedMapsHelp());
        assertTrue(LaunchOptions.parse("--sharedmaps", "help").sharedMapsHelp());
        LaunchOptions none = LaunchOptions.parse();
        assertFalse(none.sharedMapsHelp());
        assertNull(none.sharedMaps());
    }
}
