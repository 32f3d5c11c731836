package org.vitrine.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.display.RefreshRate;

class LaunchOptionsTest {

    @Test
    void nothingAskedMeansVncAndTheWebPageOnTheFirstFreePorts() throws CommandLineException {
        LaunchOptions options = LaunchOptions.parse();
        assertEquals(
                List.of("vnc", "mjpeg"),
                options.displays().stream().map(LaunchOptions.FrontendRequest::driver).toList());
        assertEquals(Map.of("port", "5900", "to", "5999"), options.displays().getFirst().options());
        assertEquals(LaunchOptions.MonitorPlace.STDIO, options.monitor());
        assertEquals(128L << 20, options.memorySize());
        assertFalse(options.startPaused());
    }

    @Test
    void oneDashAndTwoAreTheSame() throws CommandLineException {
        assertEquals(
                LaunchOptions.parse("-m", "64", "-S"), LaunchOptions.parse("--m", "64", "--S"));
    }

    @Test
    void displaysAreKeptInTheirOrderWithTheirOptions() throws CommandLineException {
        LaunchOptions options =
                LaunchOptions.parse(
                        "-display",
                        "vnc,port=5931,id=left",
                        "--display",
                        "mjpeg,port=8931,host=a,,b");
        assertEquals(
                List.of(
                        new LaunchOptions.FrontendRequest("vnc", "left", Map.of("port", "5931")),
                        new LaunchOptions.FrontendRequest(
                                "mjpeg", null, Map.of("port", "8931", "host", "a,b"))),
                options.displays());
    }

    @Test
    void noneIsNoDisplay() throws CommandLineException {
        assertTrue(LaunchOptions.parse("-display", "none").displays().isEmpty());
    }

    @Test
    void vncIsGivenAsQemuTakesIt() throws CommandLineException {
        assertEquals(
                List.of(
                        new LaunchOptions.FrontendRequest(
                                "vnc", null, Map.of("host", "127.0.0.1", "port", "5931"))),
                LaunchOptions.parse("-vnc", "127.0.0.1:31").displays());
        assertEquals(
                Map.of("port", "5901", "to", "5909"),
                LaunchOptions.parse("-vnc", ":1,to=9").displays().getFirst().options());
    }

    @Test
    void monitorsListenOnBothKindsOfSocket() throws CommandLineException {
        assertEquals(
                List.of(
                        UnixDomainSocketAddress.of("v.sock"),
                        new InetSocketAddress("127.0.0.1", 4444)),
                LaunchOptions.parse(
                                "-qmp",
                                "unix:v.sock,server=on,wait=off",
                                "-qmp",
                                "tcp:127.0.0.1:4444,server")
                        .qmp());
    }

    @Test
    void refreshRateIsThatOfAMonitorUnlessSaid() throws CommandLineException {
        assertEquals(new RefreshRate.Fixed(60), LaunchOptions.parse().refresh());
        assertEquals(new RefreshRate.Fixed(60), LaunchOptions.parse("-vga", "std").refresh());
        assertEquals(
                new RefreshRate.Fixed(240),
                LaunchOptions.parse("-vga", "std,refresh=240").refresh());
        assertEquals(
                new RefreshRate.Immediate(),
                LaunchOptions.parse("-vga", "std,refresh=immediate").refresh());
    }

    @ParameterizedTest
    @CsvSource({
        "64, 67108864",
        "64M, 67108864",
        "1G, 1073741824",
        "2048k, 2097152",
        "size=32, 33554432"
    })
    void memoryIsInMebibytesUnlessSaid(String argument, long bytes) throws CommandLineException {
        assertEquals(bytes, LaunchOptions.parse("-m", argument).memorySize());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-m 0|-m takes whole mebibytes from 1 to 61440, as in 256, 256M or 2G, not '0'",
                "-m lots|-m takes whole mebibytes from 1 to 61440, as in 256, 256M or 2G, not 'lots'",
                "-m 99999999999G|-m takes whole mebibytes from 1 to 61440, as in 256, 256M or 2G, not '99999999999G'",
                "-display port=1|-display takes a frontend's name first, as in -display vnc,port=5901",
                "-display vnc,port=1,port=2|-display vnc,port=1,port=2: 'port' is given twice",
                "-qmp v.sock|-qmp takes tcp:HOST:PORT or unix:PATH, not 'v.sock'",
                "-qmp tcp:h:99999|-qmp tcp:h:99999: there is no such TCP port",
                "-qmp unix:x,server=off|-qmp unix:x,server=off: 'server=off' is not understood; server=on and wait=off are",
                "-monitor tty|-monitor takes stdio or none, not 'tty'",
                "-debugcon serial|-debugcon takes file:PATH or stdio, not 'serial'",
                "-vnc there|-vnc takes HOST:D or :D, where D is a number, not 'there'",
                "-vga cirrus|-vga takes std or std,refresh=R, not 'cirrus'",
                "-vga std,memory=1|-vga takes std or std,refresh=R, not 'std,memory=1'",
                "-vga std,refresh=0|-vga std,refresh=0: a refresh rate is immediate, or 1 to 240 frames a second",
                "-vga std,refresh=241|-vga std,refresh=241: a refresh rate is immediate, or 1 to 240 frames a second",
                "-vga std,refresh=often|-vga std,refresh=often: a refresh rate is immediate, or 1 to 240 frames a second",
                "-frobnicate|Unknown option: '-frobnicate'",
                "-m|Missing required parameter for option '-m' (SIZE)",
                "disk.img|Unmatched argument at index 0: 'disk.img'"
            })
    void wrongCommandLineIsOneLine(String line, String message) {
        CommandLineException e =
                assertThrows(
                        CommandLineException.class, () -> LaunchOptions.parse(line.split(" ")));
        assertEquals(message, e.getMessage());
    }

    @Test
    void biosThatIsNoBiosIsRefusedBeforeTheMachineIsMade() throws CommandLineException {
        LaunchOptions missing = LaunchOptions.parse("-bios", "no-such-file.bin");
        CommandLineException e = assertThrows(CommandLineException.class, missing::readBios);
        assertEquals("-bios no-such-file.bin: there is no such file", e.getMessage());
        LaunchOptions tooSmall = LaunchOptions.parse("-bios", "pom.xml");
        e = assertThrows(CommandLineException.class, tooSmall::readBios);
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "-bios pom.xml: a system BIOS has 64, 128, 192 or 256 KiB, not "));
    }

    @Test
    void helpNamesEveryOption() {
        for (String option :
                List.of("-m", "-display", "-qmp", "-monitor", "-S", "-plugin-dir", "-version")) {
            assertTrue(LaunchOptions.usage().contains(option), option);
        }
    }
}
