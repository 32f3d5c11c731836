package org.vitrine.monitor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrine.core.device.firmware.LinuxKernel;
import org.vitrine.core.device.firmware.MultibootKernel;
import org.vitrine.core.machine.Boot;
import org.vitrine.core.machine.Firmware;
import org.vitrine.firmware.FirmwareImages;

/**
 * What the command line says of firmware and of what it starts; files as they are named there.
 *
 * @param folders where to look for firmware
 * @param bios null for the default
 * @param vgaBios null for the default
 * @param boot the argument of {@code -boot}, or null
 * @param kernel null for none, and then neither initrd nor command line is given
 */
record FirmwareOptions(
        List<Path> folders,
        String bios,
        String vgaBios,
        List<String> optionRoms,
        String boot,
        String kernel,
        String initrd,
        String append) {

    // The names that QEMU has for the firmware of such a machine.
    private static final String BIOS_NAME = "bios-256k.bin";
    private static final String VGA_BIOS_NAME = "vgabios-stdvga.bin";

    /** Bytes of a file that is held in memory. */
    private static final long LARGEST = 1L << 30;

    private static final String DEVICES = "acdn";

    FirmwareOptions {
        folders = List.copyOf(folders);
        optionRoms = List.copyOf(optionRoms);
    }

    /**
     * Checks what can be checked without files.
     *
     * @throws CommandLineException when an option needs another, or is wrong
     */
    FirmwareOptions checked() throws CommandLineException {
        if (kernel == null && (initrd != null || append != null)) {
            throw new CommandLineException(
                    (initrd != null ? "-initrd" : "-append") + " is of use with -kernel alone");
        }
        bootDevices();
        return this;
    }

    /**
     * The images.
     *
     * @throws CommandLineException when one is missing or none
     */
    Firmware readFirmware() throws CommandLineException {
        byte[] system = image("-bios", bios, BIOS_NAME, FirmwareImages.systemBios());
        byte[] vga =
                image("-device VGA,romfile=", vgaBios, VGA_BIOS_NAME, FirmwareImages.vgaBios());
        Firmware firmware;
        try {
            firmware = Firmware.standard().withBios(system);
        } catch (IllegalArgumentException e) {
            throw new CommandLineException("-bios " + bios + ": " + e.getMessage());
        }
        try {
            firmware = firmware.withVgaBios(vga);
        } catch (IllegalArgumentException e) {
            throw new CommandLineException(
                    "-device VGA,romfile=" + vgaBios + ": " + e.getMessage());
        }
        List<Firmware.OptionRom> roms = new ArrayList<>();
        for (String rom : optionRoms) {
            Path name = Path.of(rom).getFileName();
            roms.add(new Firmware.OptionRom(name.toString(), read("-option-rom", find(rom))));
        }
        try {
            return firmware.withOptionRoms(roms);
        } catch (IllegalArgumentException e) {
            throw new CommandLineException(
                    "-option-rom " + optionRoms.getLast() + ": " + e.getMessage());
        }
    }

    private byte[] image(String option, String named, String usual, byte[] own)
            throws CommandLineException {
        if (named != null) {
            return read(option, find(named));
        }
        for (Path folder : folders) {
            if (Files.isRegularFile(folder.resolve(usual))) {
                return read("-L", folder.resolve(usual));
            }
        }
        return own;
    }

    private Path find(String name) {
        Path file = Path.of(name);
        for (Path folder : folders) {
            if (!Files.exists(file)) {
                file = folder.resolve(name);
            }
        }
        return Files.exists(file) ? file : Path.of(name);
    }

    private static byte[] read(String option, Path file) throws CommandLineException {
        String what = option + (option.endsWith("=") ? "" : " ") + file + ": ";
        if (!Files.exists(file)) {
            throw new CommandLineException(what + "there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new CommandLineException(what + "it is no regular file");
        }
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                throw new CommandLineException(
                        what + "it has " + size + " bytes, and at most " + LARGEST + " are taken");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CommandLineException(what + "it can't be read: " + e.getMessage());
        }
    }

    /**
     * What is to be started.
     *
     * @param memorySize bytes of guest RAM
     * @throws CommandLineException when a file is missing or wrong, or all does not fit into RAM
     */
    Boot readBoot(long memorySize) throws CommandLineException {
        Boot devices = bootDevices();
        if (kernel == null) {
            return devices;
        }
        byte[] image = read("-kernel", Path.of(kernel));
        try {
            Boot.Kernel started =
                    !LinuxKernel.recognizes(image) && MultibootKernel.recognizes(image)
                            ? multiboot(image)
                            : linux(image);
            started.check(memorySize);
            return devices.withKernel(started);
        } catch (IllegalArgumentException e) {
            throw new CommandLineException("-kernel " + kernel + ": " + e.getMessage());
        }
    }

    private Boot.Kernel linux(byte[] image) throws CommandLineException {
        byte[] disk = initrd == null ? new byte[0] : read("-initrd", Path.of(initrd));
        return new Boot.Linux(new LinuxKernel(image), disk, append == null ? "" : append);
    }

    /** As with QEMU, the lines that a kernel and its modules get begin with their files' names. */
    private Boot.Kernel multiboot(byte[] image) throws CommandLineException {
        MultibootKernel described = new MultibootKernel(image);
        List<MultibootKernel.Module> modules = new ArrayList<>();
        for (String line : moduleLines()) {
            String file = line.strip().split(" ", 2)[0];
            modules.add(new MultibootKernel.Module(line, read("-initrd", Path.of(file))));
        }
        return new Boot.Multiboot(
                described, modules, append == null ? kernel : kernel + " " + append);
    }

    /** What {@code -initrd} says of each module: between commas, of which a doubled one is one. */
    private List<String> moduleLines() {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        String rest = initrd == null ? "" : initrd + ",";
        for (int i = 0; i < rest.length(); i++) {
            if (rest.charAt(i) != ',') {
                line.append(rest.charAt(i));
            } else if (i + 2 < rest.length() && rest.charAt(i + 1) == ',') {
                line.append(',');
                i++;
            } else {
                lines.add(line.toString());
                line.setLength(0);
            }
        }
        return lines;
    }

    private Boot bootDevices() throws CommandLineException {
        if (boot == null) {
            return Boot.STANDARD;
        }
        KeyValues words = KeyValues.parse("-boot", boot);
        Map<String, String> values = new LinkedHashMap<>(words.values());
        String order = values.remove("order");
        String menu = values.remove("menu");
        if (words.first() != null) {
            order = words.first();
        }
        MonitorSocket.refuseRest("-boot", boot, values, "order and menu");
        Boot result = Boot.STANDARD;
        if (order != null) {
            boolean known = order.chars().allMatch(device -> DEVICES.indexOf(device) >= 0);
            if (!known || order.isEmpty() || order.chars().distinct().count() < order.length()) {
                throw new CommandLineException(
                        "-boot "
                                + boot
                                + ": the order is made of a (floppy disk), c (hard disk), d (CD)"
                                + " and n (network), each once");
            }
            result = result.withOrder(order);
        }
        if (menu != null && !menu.equals("on") && !menu.equals("off")) {
            throw new CommandLineException("-boot " + boot + ": menu is on or off");
        }
        return result.withMenu("on".equals(menu));
    }
}
