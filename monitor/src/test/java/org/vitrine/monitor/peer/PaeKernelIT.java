package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrine.spi.testkit.Needs;

/**
 * Debian's kernel for PCs with more than 4 GiB, unchanged, to a shell on the serial line which uses
 * the memory that is there. {@code .ci/i386-guest} fetches it.
 */
class PaeKernelIT {

    private static final Path SEABIOS = Path.of("/usr/share/seabios");
    private static final Duration DEADLINE = Duration.ofMinutes(45);

    private static final long FOUR_GIB = 1L << 32;

    /** Of the 5 GiB, 3 lie below the hole for PCI. */
    private static final long ABOVE = 2L << 30;

    private static final int PIECE = 64 << 20;
    private static final int PAGE = 4096;
    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = 64;

    private static final String PROMPT = "guest# ";
    private static final String INIT =
            """
            #!/bin/busybox sh
            /bin/busybox --install -s /bin
            export PATH=/bin PS1='guest# '
            mount -t proc proc /proc
            mount -t tmpfs -o size=1g tmpfs /tmp
            # No messages of the kernel between the lines of the shell.
            echo 1 >/proc/sys/kernel/printk
            # The shell leaves the line to the terminal then, and types nothing again.
            stty -echo
            exec sh -i
            """;

    @TempDir private Path folder;

    private final byte[] block = new byte[BLOCK];

    PaeKernelIT() {
        new Random(4L << 30).nextBytes(block);
    }

    private Path initrd(Path busybox) throws IOException {
        return new Initrd()
                .folder("bin")
                .folder("proc")
                .folder("tmp")
                .file("bin/busybox", Files.readAllBytes(busybox))
                .file("init", INIT.getBytes(StandardCharsets.US_ASCII))
                .file("block", block)
                .write(folder.resolve("initrd"));
    }

    /** What the guest is to fill its memory with: no two pages are alike. */
    private byte[] content() {
        ByteBuffer content = ByteBuffer.allocate(BLOCKS * (BLOCK + 16));
        for (int n = 1; n <= BLOCKS; n++) {
            content.put(("block " + n + "\n").getBytes(StandardCharsets.US_ASCII));
            content.put(block);
        }
        return Arrays.copyOf(content.array(), content.position());
    }

    /** What a command of the guest's shell writes. */
    private static String run(SerialConsole console, String command) throws Exception {
        console.send(command + "\n");
        return console.await(PROMPT, DEADLINE).strip();
    }

    /** How many of the content's pages lie above 4 GiB of the machine's memory. */
    private static int pagesAbove(VitrineProcess vitrine, byte[] content) throws IOException {
        ByteBuffer wanted = ByteBuffer.wrap(content);
        Map<Long, Integer> byBeginning = new HashMap<>();
        for (int at = 0; at + PAGE <= content.length; at += PAGE) {
            byBeginning.put(wanted.getLong(at), at);
        }
        int found = 0;
        for (long address = FOUR_GIB; address < FOUR_GIB + ABOVE; address += PIECE) {
            byte[] piece = vitrine.memory(address, PIECE);
            ByteBuffer pages = ByteBuffer.wrap(piece);
            for (int at = 0; at < PIECE; at += PAGE) {
                Integer same = byBeginning.get(pages.getLong(at));
                if (same != null
                        && Arrays.equals(piece, at, at + PAGE, content, same, same + PAGE)) {
                    found++;
                }
            }
        }
        return found;
    }

    @Test
    void linuxUsesMemoryAboveFourGibibytes() throws Exception {
        Needs.minutes("Debian's kernel with 5 GiB");
        Path kernel = Needs.file("VITRINE_I386_KERNEL");
        Path busybox = Needs.file("VITRINE_I386_BUSYBOX");
        Needs.that(Files.isDirectory(SEABIOS), SEABIOS + " is not installed");
        try (SerialConsole console = new SerialConsole(folder);
                VitrineProcess vitrine =
                        new VitrineProcess(
                                "-L",
                                SEABIOS.toString(),
                                "-m",
                                "5G",
                                "-display",
                                "none",
                                "-monitor",
                                "none",
                                "-chardev",
                                console.chardev("tty"),
                                "-serial",
                                "chardev:tty",
                                "-kernel",
                                kernel.toString(),
                                "-initrd",
                                initrd(busybox).toString(),
                                // The kernel's tests of its ciphers take longer than all the rest.
                                "-append",
                                "console=ttyS0 cryptomgr.notests panic=-1",
                                "-no-reboot")) {
            String log = console.await(PROMPT, DEADLINE);
            vitrine.report("Debian's 686-pae kernel with 5 GiB to its shell");
            assertTrue(
                    log.contains("BIOS-e820: [mem 0x0000000100000000-0x000000017fffffff] usable"),
                    log);
            assertEquals("42", run(console, "echo $((6 * 7))"));
            String total = run(console, "grep MemTotal /proc/meminfo");
            long kilobytes = Long.parseLong(total.replaceAll("\\D", ""));
            assertTrue(kilobytes > 4_500_000, total);

            run(
                    console,
                    "for n in $(seq %d); do echo block $n; cat /block; done >/tmp/fill"
                            .formatted(BLOCKS));
            byte[] content = content();
            String sum = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
            assertEquals(sum + "  /tmp/fill", run(console, "md5sum /tmp/fill"));
            int pages = pagesAbove(vitrine, content);
            System.out.printf("%,d of %,d pages lie above 4 GiB%n", pages, content.length / PAGE);
            assertTrue(pages > content.length / PAGE / 2, () -> pages + " pages above 4 GiB");
            vitrine.report("Debian's 686-pae kernel with 5 GiB to the end of its test of memory");

            console.send("poweroff -f\n");
            assertEquals(0, vitrine.awaitExit());
        }
    }
}
