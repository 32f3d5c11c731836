package org.vitrine.monitor;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.vitrine.core.machine.Drives;
import org.vitrine.core.storage.DiskImage;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.Drive.Kind;
import org.vitrine.core.storage.ErrorPolicy;
import org.vitrine.core.storage.ErrorPolicy.Choice;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;

/**
 * The drives that a command line asks for, in QEMU's words: {@code -hda} to {@code -hdd}, {@code
 * -cdrom}, {@code -fda}, {@code -fdb}, {@code -drive} and {@code -snapshot}.
 */
record DriveOptions(List<Request> requests) {

    /** Where drives are connected. */
    enum Bus {
        IDE,
        FLOPPY,
        NONE
    }

    /**
     * One drive.
     *
     * @param words what the command line says, for people
     * @param place on the bus's cables
     * @param image null when there is no medium in the drive
     */
    record Request(
            String words,
            String name,
            Kind kind,
            Bus bus,
            int place,
            ImageRequest image,
            ErrorPolicy errorPolicy) {}

    private static final int CDROM_PLACE = 2;

    /** What {@code -drive} takes. */
    private static final Set<String> WORDS =
            new TreeSet<>(
                    List.of(
                            "file",
                            "format",
                            "if",
                            "media",
                            "index",
                            "bus",
                            "unit",
                            "id",
                            "snapshot",
                            "readonly",
                            "read-only",
                            "cache",
                            "aio",
                            "rerror",
                            "werror"));

    /** How the host's cache is used, which is always in QEMU's first way. */
    private static final Set<String> CACHE_MODES =
            Set.of("writeback", "none", "writethrough", "directsync", "unsafe");

    /** Reads the options one by one, in the order of the command line. */
    static final class Parser {

        private final List<Request> requests = new ArrayList<>();
        private final boolean snapshot;
        private int unattached;

        /**
         * A command line with nothing in it yet.
         *
         * @param snapshot whether images stay as they are when nothing else is said
         */
        Parser(boolean snapshot) {
            this.snapshot = snapshot;
        }

        /** {@code -hda} and its like. */
        void disk(String option, int place, String file) throws CommandLineException {
            add(option, option + " " + file, Kind.HARD_DISK, Bus.IDE, place, Map.of("file", file));
        }

        /** {@code -cdrom}. */
        void cdrom(String file) throws CommandLineException {
            add("-cdrom", "-cdrom " + file, Kind.CDROM, Bus.IDE, CDROM_PLACE, Map.of("file", file));
        }

        /** {@code -fda} and {@code -fdb}. */
        void floppy(String option, int place, String file) throws CommandLineException {
            add(option, option + " " + file, Kind.FLOPPY, Bus.FLOPPY, place, Map.of("file", file));
        }

        /** {@code -drive}. */
        void drive(String argument) throws CommandLineException {
            String words = "-drive " + argument;
            KeyValues parsed = KeyValues.parse("-drive", argument);
            Map<String, String> values = parsed.values();
            for (String word : values.keySet()) {
                if (!WORDS.contains(word)) {
                    throw new CommandLineException(
                            words
                                    + ": there is no '"
                                    + word
                                    + "'; there are "
                                    + String.join(", ", WORDS));
                }
            }
            if (parsed.first() != null) {
                throw new CommandLineException(
                        words + ": names and values are wanted, as in file=" + parsed.first());
            }
            Bus bus = bus(words, values.getOrDefault("if", "ide"));
            Kind kind = kind(words, bus, values.get("media"));
            if (values.containsKey("cache") && !CACHE_MODES.contains(values.get("cache"))) {
                throw new CommandLineException(
                        words + ": invalid cache option '" + values.get("cache") + "'");
            }
            add("-drive", words, kind, bus, place(words, bus, kind, values), values);
        }

        private static Bus bus(String words, String word) throws CommandLineException {
            return switch (word) {
                case "ide" -> Bus.IDE;
                case "floppy" -> Bus.FLOPPY;
                case "none" -> Bus.NONE;
                default ->
                        throw new CommandLineException(
                                words + ": if=" + word + " is none of ide, floppy and none");
            };
        }

        private static Kind kind(String words, Bus bus, String media) throws CommandLineException {
            if (media != null && !media.equals("disk") && !media.equals("cdrom")) {
                throw new CommandLineException(
                        words + ": media=" + media + " is neither disk nor cdrom");
            }
            if (bus == Bus.FLOPPY) {
                if ("cdrom".equals(media)) {
                    throw new CommandLineException(words + ": a floppy drive takes no CD");
                }
                return Kind.FLOPPY;
            }
            return "cdrom".equals(media) ? Kind.CDROM : Kind.HARD_DISK;
        }

        private int place(String words, Bus bus, Kind kind, Map<String, String> values)
                throws CommandLineException {
            int places =
                    switch (bus) {
                        case IDE -> Drives.IDE_PLACES;
                        case FLOPPY -> Drives.FLOPPY_PLACES;
                        case NONE -> 0;
                    };
            if (bus == Bus.NONE) {
                return unattached++;
            }
            if (values.containsKey("index")) {
                if (values.containsKey("bus") || values.containsKey("unit")) {
                    throw new CommandLineException(words + ": index, or bus and unit, not both");
                }
                return number(words, "index", values.get("index"), places);
            }
            int perCable = 2;
            if (values.containsKey("bus") || values.containsKey("unit")) {
                int cable =
                        number(words, "bus", values.getOrDefault("bus", "0"), places / perCable);
                return cable * perCable
                        + number(words, "unit", values.getOrDefault("unit", "0"), perCable);
            }
            for (int i = kind == Kind.CDROM ? CDROM_PLACE : 0; i < places; i++) {
                if (at(bus, i) == null) {
                    return i;
                }
            }
            throw new CommandLineException(
                    words + ": there are " + places + " places, and all are taken");
        }

        private static int number(String words, String name, String value, int limit)
                throws CommandLineException {
            try {
                int number = Integer.parseInt(value);
                if (number >= 0 && number < limit) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below, with what would be right.
            }
            throw new CommandLineException(
                    words + ": " + name + " is 0 to " + (limit - 1) + ", not '" + value + "'");
        }

        private Request at(Bus bus, int place) {
            for (Request request : requests) {
                if (request.bus() == bus && request.place() == place) {
                    return request;
                }
            }
            return null;
        }

        private void add(
                String option,
                String words,
                Kind kind,
                Bus bus,
                int place,
                Map<String, String> values)
                throws CommandLineException {
            Request other = at(bus, place);
            if (other != null) {
                throw new CommandLineException(words + ": the place is taken by " + other.words());
            }
            String name = values.getOrDefault("id", name(kind, bus, place));
            for (Request request : requests) {
                if (request.name().equals(name)) {
                    throw new CommandLineException(
                            words + ": there is a drive '" + name + "' already");
                }
            }
            requests.add(
                    new Request(
                            words,
                            name,
                            kind,
                            bus,
                            place,
                            image(option, words, kind, values),
                            new ErrorPolicy(
                                    errorAction(words, values, "rerror", Choice.REPORT),
                                    errorAction(words, values, "werror", Choice.ENOSPC))));
        }

        private static Choice errorAction(
                String words, Map<String, String> values, String name, Choice usual)
                throws CommandLineException {
            if (!values.containsKey(name)) {
                return usual;
            }
            boolean read = name.equals("rerror");
            Choice choice = Choice.named(values.get(name));
            if (choice == null || read && choice == Choice.ENOSPC) {
                throw new CommandLineException(
                        words
                                + ": '"
                                + values.get(name)
                                + "' invalid "
                                + (read ? "read" : "write")
                                + " error action; there are report, ignore, stop"
                                + (read ? "" : " and enospc"));
            }
            return choice;
        }

        private ImageRequest image(
                String option, String words, Kind kind, Map<String, String> values)
                throws CommandLineException {
            String file = values.getOrDefault("file", "");
            if (file.isEmpty()) {
                if (kind == Kind.HARD_DISK || !option.equals("-drive")) {
                    throw new CommandLineException(words + ": the image's file is missing");
                }
                return null;
            }
            ImageFormat format = null;
            if (values.containsKey("format")) {
                format = ImageFormat.named(values.get("format"));
                if (format == null) {
                    throw new CommandLineException(
                            words
                                    + ": unknown format '"
                                    + values.get("format")
                                    + "'; Vitrine has "
                                    + ImageFormat.words());
                }
            }
            boolean readOnly =
                    kind == Kind.CDROM
                            || on(words, values, "readonly", false)
                            || on(words, values, "read-only", false);
            try {
                return new ImageRequest(
                        Path.of(file),
                        format,
                        readOnly,
                        on(words, values, "snapshot", snapshot) && !readOnly);
            } catch (InvalidPathException e) {
                throw new CommandLineException(words + ": that is no file's name");
            }
        }

        private static boolean on(
                String words, Map<String, String> values, String name, boolean absent)
                throws CommandLineException {
            String value = values.get(name);
            if (value == null) {
                return absent;
            }
            return switch (value) {
                case "on", "yes", "true" -> true;
                case "off", "no", "false" -> false;
                default ->
                        throw new CommandLineException(
                                words + ": " + name + " is on or off, not '" + value + "'");
            };
        }

        /** All that was asked for, and the CD-ROM drive that every machine has. */
        DriveOptions options() {
            boolean hasCdrom = requests.stream().anyMatch(request -> request.kind() == Kind.CDROM);
            if (!hasCdrom && at(Bus.IDE, CDROM_PLACE) == null) {
                requests.add(
                        new Request(
                                "the CD-ROM drive",
                                name(Kind.CDROM, Bus.IDE, CDROM_PLACE),
                                Kind.CDROM,
                                Bus.IDE,
                                CDROM_PLACE,
                                null,
                                ErrorPolicy.STANDARD));
            }
            return new DriveOptions(List.copyOf(requests));
        }
    }

    /** QEMU's names. */
    private static String name(Kind kind, Bus bus, int place) {
        return switch (bus) {
            case IDE -> "ide" + place / 2 + (kind == Kind.CDROM ? "-cd" : "-hd") + place % 2;
            case FLOPPY -> "floppy" + place;
            case NONE -> "none" + place;
        };
    }

    /**
     * Opens the images.
     *
     * @throws IOException when one can't be used; no image is open then
     */
    Drives open() throws IOException {
        Drives drives = Drives.NONE;
        boolean opened = false;
        try {
            for (Request request : requests) {
                Drive drive = open(request);
                drives =
                        switch (request.bus()) {
                            case IDE -> drives.withIde(request.place(), drive);
                            case FLOPPY -> drives.withFloppy(request.place(), drive);
                            case NONE -> drives.withUnattached(drive);
                        };
            }
            opened = true;
            return drives;
        } finally {
            if (!opened) {
                for (Drive drive : drives.all()) {
                    drive.close();
                }
            }
        }
    }

    private static Drive open(Request request) throws IOException {
        if (request.image() == null) {
            return new Drive(request.name(), request.kind(), null, request.errorPolicy());
        }
        try {
            DiskImage image = request.image().open();
            if (image.size() == 0) {
                image.close();
                throw new IOException("the image is empty");
            }
            return new Drive(request.name(), request.kind(), image, request.errorPolicy());
        } catch (IOException e) {
            throw new IOException(request.words() + ": " + e.getMessage(), e);
        }
    }
}
