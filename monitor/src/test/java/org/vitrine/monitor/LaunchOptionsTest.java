package org.vitrine.monitor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.cpu.model.CpuModel;
import org.vitrine.core.device.firmware.MultibootKernel;
import org.vitrine.core.display.RefreshRate;
import org.vitrine.core.machine.Boot;
import org.vitrine.core.machine.Firmware;
import org.vitrine.core.machine.Peripherals.DebugExitPort;
import org.vitrine.firmware.FirmwareImages;
import org.vitrine.monitor.chardev.CharacterPlace;

class LaunchOptionsTest {

    @TempDir private Path folder;

    @Test
    void nothingAskedMeansVncAndTheWebPageOnTheFirstFreePorts() throws CommandLineException {
        LaunchOptions options = LaunchOptions.parse();
        assertEquals(
                List.of("vnc", "mjpeg"),
                options.displays().stream().map(LaunchOptions.FrontendRequest::driver).toList());
        assertEquals(Map.of("port", "5900", "to", "5999"), options.displays().getFirst().options());
        assertTrue(options.terminal());
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
    void theCpuIsOneOfTheKnownModels() throws CommandLineException {
        assertEquals(CpuModel.PENTIUM_3, LaunchOptions.parse().cpu());
        assertEquals(CpuModel.I486, LaunchOptions.parse("-cpu", "486").cpu());
        assertEquals(
                "-cpu: unable to find CPU model 'zeta'; there are 486, pentium, pentium3, max",
                assertThrows(CommandLineException.class, () -> LaunchOptions.parse("-cpu", "zeta"))
                        .getMessage());
        assertTrue(LaunchOptions.parse("-cpu", "help").cpuHelp());
        for (CpuModel model : CpuModel.ALL) {
            assertTrue(LaunchOptions.cpuModels().contains("\n  " + model.name() + " "));
        }
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
                        new MonitorSocket(
                                "compat_monitor0",
                                UnixDomainSocketAddress.of("v.sock"),
                                true,
                                false,
                                false,
                                false),
                        new MonitorSocket(
                                "compat_monitor1",
                                new InetSocketAddress("127.0.0.1", 4444),
                                true,
                                true,
                                false,
                                false),
                        new MonitorSocket(
                                "compat_monitor2",
                                UnixDomainSocketAddress.of("p.sock"),
                                false,
                                false,
                                true,
                                false)),
                LaunchOptions.parse(
                                "-qmp",
                                "unix:v.sock,server=on,wait=off",
                                "-qmp",
                                "tcp:127.0.0.1:4444,server,wait=on",
                                "-qmp-pretty",
                                "unix:p.sock,server=off")
                        .monitorSockets());
    }

    @Test
    void theHumanMonitorIsOnTheTerminalOrOnSockets() throws CommandLineException {
        LaunchOptions socket = LaunchOptions.parse("-monitor", "unix:m.sock", "-monitor", "none");
        assertFalse(socket.terminal());
        assertEquals(
                List.of(
                        new MonitorSocket(
                                "compat_monitor0",
                                UnixDomainSocketAddress.of("m.sock"),
                                true,
                                false,
                                false,
                                true)),
                socket.monitorSockets());
        assertTrue(LaunchOptions.parse("-monitor", "unix:m.sock", "-monitor", "stdio").terminal());
        assertFalse(LaunchOptions.parse("-monitor", "none").terminal());
    }

    @Test
    void characterDevicesHaveQemusDefaults() throws CommandLineException {
        assertEquals(
                List.of(
                        new MonitorSocket(
                                "b",
                                new InetSocketAddress("127.0.0.1", 4445),
                                false,
                                false,
                                false,
                                true),
                        new MonitorSocket(
                                "a",
                                UnixDomainSocketAddress.of("a,b.sock"),
                                true,
                                true,
                                true,
                                false)),
                LaunchOptions.parse(
                                "-mon",
                                "chardev=b",
                                "-chardev",
                                "socket,id=a,path=a,,b.sock,server=on",
                                "-chardev",
                                "socket,id=b,host=127.0.0.1,port=4445",
                                "-mon",
                                "a,mode=control,pretty=on")
                        .monitorSockets());
    }

    @Test
    void serialPortsLeadWhereTheyAreToldInTheirOrder() throws CommandLineException {
        CharacterDeviceOptions devices =
                LaunchOptions.parse(
                                "-serial",
                                "file:a,b",
                                "-serial",
                                "none",
                                "-chardev",
                                "socket,id=s,host=127.0.0.1,port=4445,server=on,wait=off",
                                "-serial",
                                "chardev:s",
                                "-serial",
                                "unix:/tmp/s,server,nowait",
                                "-parallel",
                                "none")
                        .characterDevices();
        assertEquals(Map.of(0, "serial0", 2, "s", 3, "serial3"), devices.serial());
        assertEquals(Optional.empty(), devices.parallel());
        assertEquals(
                Map.of(
                        "serial0",
                        new CharacterPlace.WrittenFile("a,b", false),
                        "s",
                        new CharacterPlace.Socket(
                                new InetSocketAddress("127.0.0.1", 4445), true, false, 0),
                        "serial3",
                        new CharacterPlace.Socket(
                                UnixDomainSocketAddress.of("/tmp/s"), true, false, 0)),
                devices.places());
    }

    @Test
    void withoutASerialOptionThePortIsThereAndNobodyIsBehindIt() throws CommandLineException {
        CharacterDeviceOptions devices = LaunchOptions.parse().characterDevices();
        assertEquals(Map.of(0, "serial0"), devices.serial());
        assertEquals(Optional.of("parallel0"), devices.parallel());
        assertEquals(new CharacterPlace.Nobody(), devices.places().get("serial0"));
    }

    @Test
    void aSerialPortOnStandardInputAndOutputTakesThePlaceOfTheTerminal()
            throws CommandLineException {
        assertFalse(LaunchOptions.parse("-serial", "stdio").terminal());
    }

    @Test
    void theBoardHasAHpetIfAskedFor() throws CommandLineException {
        assertFalse(LaunchOptions.parse().machine().hpet());
        assertTrue(LaunchOptions.parse("-machine", "pc,hpet=on").machine().hpet());
        assertTrue(LaunchOptions.parse("-machine", "hpet=on").machine().hpet());
        assertFalse(
                LaunchOptions.parse("-machine", "hpet=on", "-machine", "type=pc,hpet=off")
                        .machine()
                        .hpet());
        for (String wrong : List.of("q35", "pc,hpet=maybe", "pc,usb=on")) {
            assertThrows(
                    CommandLineException.class,
                    () -> LaunchOptions.parse("-machine", wrong),
                    wrong);
        }
    }

    @Test
    void theDebugExitPortIsWhereItIsAskedFor() throws CommandLineException {
        assertEquals(
                Optional.of(new DebugExitPort(0xF4, 4)),
                LaunchOptions.parse("-device", "isa-debug-exit,iobase=0xf4,iosize=0x04")
                        .debugExit());
        assertEquals(
                Optional.of(new DebugExitPort(0x501, 2)),
                LaunchOptions.parse("-device", "isa-debug-exit").debugExit());
    }

    @Test
    void theSocketsNameIsQemus() throws CommandLineException {
        MonitorSocket unix = LaunchOptions.parse("-qmp", "unix:/tmp/q").monitorSockets().getFirst();
        assertEquals("unix:/tmp/q,server=on", unix.filename(true));
        MonitorSocket tcp =
                LaunchOptions.parse("-qmp", "tcp:127.0.0.1:1,server=off")
                        .monitorSockets()
                        .getFirst();
        assertEquals("disconnected:tcp:127.0.0.1:1", tcp.filename(false));
    }

    @Test
    void aPasswordOfVncThatIsOnlyOnIsNotTheWord() throws CommandLineException {
        Map<String, String> options =
                LaunchOptions.parse("-vnc", ":1,password=on").displays().getFirst().options();
        assertEquals(8, options.get("password").length());
        assertEquals(
                Map.of("port", "5901"),
                LaunchOptions.parse("-vnc", ":1,password=off").displays().getFirst().options());
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
                "-qmp unix:x,server=maybe|-qmp unix:x,server=maybe: 'server' is on or off, not 'maybe'",
                "-qmp unix:x,mode=control|-qmp unix:x,mode=control: 'mode=control' is not understood; there are server and wait",
                "-chardev tty,id=x|-chardev tty,id=x: the back end is null, stdio, pty, file, ringbuf or socket, not 'tty'",
                "-chardev null,id=x -mon x|-chardev null,id=x: the back end is socket, not 'null'",
                "-chardev null,id=x,size=1|-chardev null,id=x,size=1: 'size=1' is not understood; there are id",
                "-chardev file,id=x|-chardev file,id=x: no path is given",
                "-chardev ringbuf,id=x,size=3|-chardev ringbuf,id=x,size=3: size is a power of two, not '3'",
                "-chardev null,id=x -chardev null,id=x|-chardev null,id=x: id 'x' is given twice",
                "-chardev null,id=serial0|-serial null: a -chardev has the port's id 'serial0'",
                "-chardev socket,id=x,path=y,reconnect=soon|-chardev socket,id=x,path=y,reconnect=soon: reconnect is a number of seconds, not 'soon'",
                "-serial com1|-serial takes stdio, none, null, pty, file:PATH, unix:PATH, tcp:HOST:PORT or chardev:ID, not 'com1'",
                "-serial file:|-serial takes stdio, none, null, pty, file:PATH, unix:PATH, tcp:HOST:PORT or chardev:ID, not 'file:'",
                "-serial unix:x,mode=1|-serial unix:x,mode=1: 'mode=1' is not understood; there are server, wait and reconnect",
                "-serial chardev:x|-serial chardev:x: there is no -chardev with the id 'x'",
                "-chardev null,id=x -serial chardev:x -serial chardev:x|-serial chardev:x: another port has 'x'",
                "-serial stdio -parallel stdio|stdio has one user alone, not serial0 and parallel0",
                "-serial stdio -monitor stdio|stdio has one user alone: -monitor stdio, or a serial port or -chardev",
                "-serial null -serial null -serial null -serial null -serial null|-serial may be given 4 times, for COM1 to COM4",
                "-parallel null -parallel null|-parallel may be given once, for LPT1",
                "-device sb16|-device takes isa-debug-exit or VGA, not 'sb16'",
                "-device isa-debug-exit,iobase=far|-device isa-debug-exit,iobase=far: iobase is a number up to 0xffff, not 'far'",
                "-device isa-debug-exit,iosize=0|-device isa-debug-exit,iosize=0: iosize is 1 to 4, and no port is above 0xffff",
                "-chardev socket,path=x|-chardev socket,path=x: no id is given",
                "-chardev socket,id=x|-chardev socket,id=x: a socket has either a path, or a host and a port",
                "-mon mode=control|-mon mode=control: no chardev is given",
                "-mon chardev=x|-mon chardev=x: there is no chardev 'x' that is free",
                "-mon chardev=x,mode=odd|-mon chardev=x,mode=odd: mode is control or readline, not 'odd'",
                "-monitor tty|-monitor takes tcp:HOST:PORT or unix:PATH, not 'tty'",
                "-debugcon serial|-debugcon takes file:PATH or stdio, not 'serial'",
                "-vnc there|-vnc takes HOST:D or :D, where D is a number, not 'there'",
                "-vga cirrus|-vga takes std or std,refresh=R, not 'cirrus'",
                "-vga std,memory=1|-vga takes std or std,refresh=R, not 'std,memory=1'",
                "-vga std,refresh=0|-vga std,refresh=0: a refresh rate is immediate, or 1 to 240 frames a second",
                "-vga std,refresh=241|-vga std,refresh=241: a refresh rate is immediate, or 1 to 240 frames a second",
                "-vga std,refresh=often|-vga std,refresh=often: a refresh rate is immediate, or 1 to 240 frames a second",
                "-frobnicate|Unknown option: '-frobnicate'",
                "-m|Missing required parameter for option '-m' (SIZE)",
                "a.img b.img|one disk may be named without an option, not a.img and b.img; -hdb takes another"
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
        CommandLineException e =
                assertThrows(CommandLineException.class, missing.firmware()::readFirmware);
        assertEquals("-bios no-such-file.bin: there is no such file", e.getMessage());
        LaunchOptions tooSmall = LaunchOptions.parse("-bios", "pom.xml");
        e = assertThrows(CommandLineException.class, tooSmall.firmware()::readFirmware);
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

    private static String refusal(String... arguments) {
        return assertThrows(
                        CommandLineException.class,
                        () -> {
                            LaunchOptions options = LaunchOptions.parse(arguments);
                            options.firmware().readFirmware();
                            options.firmware().readBoot(options.memorySize());
                        })
                .getMessage();
    }

    @Test
    void aKernelsPartsBelongToAKernel() {
        assertEquals("-initrd is of use with -kernel alone", refusal("-initrd", "pom.xml"));
        assertEquals("-append is of use with -kernel alone", refusal("-append", "quiet"));
    }

    @Test
    void aKernelThatIsNoneIsRefused() {
        assertEquals(
                "-kernel no-such-file: there is no such file", refusal("-kernel", "no-such-file"));
        assertEquals("-kernel src: it is no regular file", refusal("-kernel", "src"));
        assertEquals(
                "-kernel pom.xml: it is no Linux kernel, since 'HdrS' is not at offset 0x202, and"
                        + " no Multiboot kernel, which has 1BADB002h in its first 8 KiB",
                refusal("-kernel", "pom.xml"));
    }

    @Test
    void theModulesOfAMultibootKernelStandBetweenCommas() throws Exception {
        Path kernel = multibootKernel();
        Path module = Files.writeString(folder.resolve("a,b"), "content");
        String doubled = module.toString().replace(",", ",,");
        LaunchOptions options =
                LaunchOptions.parse(
                        "-kernel",
                        kernel.toString(),
                        "-append",
                        "x=y",
                        "-initrd",
                        doubled + " one two," + kernel);
        Boot.Multiboot started = (Boot.Multiboot) options.firmware().readBoot(64 << 20).kernel();
        assertEquals(kernel + " x=y", started.commandLine());
        assertEquals(
                List.of(module + " one two", kernel.toString()),
                started.modules().stream().map(MultibootKernel.Module::line).toList());
        assertEquals("content", new String(started.modules().getFirst().content(), US_ASCII));
        assertEquals(
                "-initrd none: there is no such file",
                refusal("-kernel", kernel.toString(), "-initrd", doubled + ",none arguments"));
    }

    @Test
    void aBadMultibootKernelIsRefused() throws Exception {
        Path kernel = multibootKernel();
        byte[] image = Files.readAllBytes(kernel);
        Files.write(kernel, Arrays.copyOf(image, image.length - 1));
        assertEquals(
                "-kernel "
                        + kernel
                        + ": the kernel is cut short: what belongs at 0x100000 is at bytes 0 to"
                        + " 52, and it has 51",
                refusal("-kernel", kernel.toString()));
    }

    /** A header whose addresses are those of a kernel that is nothing else. */
    private Path multibootKernel() throws IOException {
        ByteBuffer image = ByteBuffer.allocate(52).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0x1BADB002).putInt(0x10000).putInt(-(0x1BADB002 + 0x10000));
        image.putInt(0x100000).putInt(0x100000).putInt(0x100034).putInt(0).putInt(0x100000);
        return Files.write(folder.resolve("kernel"), image.array());
    }

    @Test
    void videoBiosAndOptionRomsAreFiles() {
        assertEquals(
                "-device VGA,romfile=none.bin: there is no such file",
                refusal("-device", "VGA,romfile=none.bin"));
        assertEquals("-device VGA may be given once", refusal("-device", "VGA", "-device", "VGA"));
        assertTrue(
                refusal("-device", "VGA,vgamem_mb=64")
                        .contains("'vgamem_mb=64' is not understood"));
        assertEquals(
                "-option-rom none.rom: there is no such file", refusal("-option-rom", "none.rom"));
    }

    @Test
    void theBootOrderIsMadeOfDevices() throws CommandLineException {
        assertEquals("cad", LaunchOptions.parse().firmware().readBoot(64L << 20).order());
        Boot boot = LaunchOptions.parse("-boot", "order=dc,menu=on").firmware().readBoot(64L << 20);
        assertEquals("dc", boot.order());
        assertTrue(boot.menu());
        assertEquals("n", LaunchOptions.parse("-boot", "n").firmware().readBoot(64L << 20).order());
        assertTrue(refusal("-boot", "z").startsWith("-boot z: the order is made of a (floppy"));
        assertTrue(refusal("-boot", "cc").startsWith("-boot cc: the order is made of a (floppy"));
        assertEquals("-boot menu=maybe: menu is on or off", refusal("-boot", "menu=maybe"));
        assertTrue(refusal("-boot", "once=d").contains("'once=d' is not understood"));
    }

    @Test
    void aFolderOfFirmwareReplacesTheProjectsOwn() throws Exception {
        Files.write(folder.resolve("bios-256k.bin"), new byte[0x40000]);
        Firmware firmware = LaunchOptions.parse("-L", folder.toString()).firmware().readFirmware();
        assertEquals(0x40000, firmware.bios().length);
        assertEquals(FirmwareImages.vgaBios().length, firmware.vgaBios().length);
        Files.write(folder.resolve("vgabios-stdvga.bin"), new byte[512]);
        firmware = LaunchOptions.parse("-L", folder.toString()).firmware().readFirmware();
        assertEquals(512, firmware.vgaBios().length);
    }
}
