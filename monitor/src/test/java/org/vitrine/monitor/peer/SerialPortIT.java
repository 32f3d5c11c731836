package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The emulator's serial port as people and scripts use it: standard streams and exit status. */
class SerialPortIT {

    /**
     * {@code again: mov dx,3FDh; wait: in al,dx; test al,1; jz wait; mov dx,3F8h; in al,dx; out
     * dx,al; cmp al,'q'; jne again; mov al,21h; out F4h,al; stop: hlt; jmp stop}
     */
    private static final String ECHO_UNTIL_Q = "BAFD03ECA80174FBBAF803ECEE3C7175EFB021E6F4F4EBFD";

    @TempDir private Path folder;

    private Path bios() throws Exception {
        byte[] image = new byte[0x10000];
        byte[] code = HexFormat.of().parseHex(ECHO_UNTIL_Q);
        System.arraycopy(code, 0, image, 0, code.length);
        byte[] jump = HexFormat.of().parseHex("EA000000F0");
        System.arraycopy(jump, 0, image, 0xFFF0, jump.length);
        return Files.write(folder.resolve("echo.bin"), image);
    }

    @Test
    void aGuestTalksOverStandardStreamsAndSaysHowTheEmulatorEnds() throws Exception {
        Process process =
                VitrineProcess.command(
                                "-bios", bios().toString(),
                                "-display", "none",
                                "-serial", "stdio",
                                "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write("hello q".getBytes(StandardCharsets.US_ASCII));
            in.flush();
            String out =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertEquals("hello q", out);
        }
        assertTrue(process.waitFor(VitrineProcess.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(0x43, process.exitValue());
    }
}
