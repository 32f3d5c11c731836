package org.vitrine.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrine.core.machine.Drives;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.ImageFormat;
import org.vitrine.core.storage.ImageRequest;
import org.vitrine.monitor.DriveOptions.Request;

/** The drives of a command line. */
class DriveOptionsTest {

    @TempDir private Path folder;

    private static List<Request> parse(String... arguments) throws CommandLineException {
        return LaunchOptions.parse(arguments).drives().requests();
    }

    private static List<String> names(String... arguments) throws CommandLineException {
        return parse(arguments).stream().map(Request::name).toList();
    }

    private static void assertWrong(String message, String... arguments) {
        assertEquals(
                message,
                assertThrows(CommandLineException.class, () -> LaunchOptions.parse(arguments))
                        .getMessage());
    }

    @Test
    void aMachineHasAnEmptyCdromDrive() throws CommandLineException {
        Request only = parse().getFirst();
        assertEquals("ide1-cd0", only.name());
        assertEquals(2, only.place());
        assertNull(only.image());
        assertEquals(1, parse().size());
    }

    @Test
    void disksHaveTheirPlaces() throws CommandLineException {
        assertEquals(
                List.of("ide0-hd0", "ide0-hd1", "ide1-hd0", "ide1-hd1"),
                names("-hda", "a", "--hdb", "b", "-hdc", "c", "-hdd", "d"));
        assertEquals(
                List.of("ide0-hd0", "ide1-cd0", "floppy1"),
                names("-cdrom", "cd.iso", "disk.img", "-fdb", "floppy"));
        assertEquals(new ImageRequest(Path.of("x"), null, false, false), parse("x").get(0).image());
    }

    @Test
    void drivesAreDescribedInQemusWords() throws CommandLineException {
        Request drive =
                parse("-drive", "file=a,,b.img,format=raw,index=3,id=data,readonly=on,cache=none")
                        .getFirst();
        assertEquals("data", drive.name());
        assertEquals(3, drive.place());
        assertEquals(
                new ImageRequest(Path.of("a,b.img"), ImageFormat.RAW, true, false), drive.image());
        assertEquals(
                List.of("ide0-hd0", "ide0-hd1", "ide1-cd0", "ide1-hd1", "floppy0", "none0"),
                names(
                        "-drive",
                        "file=1",
                        "-drive",
                        "file=2",
                        "-drive",
                        "media=cdrom,file=3",
                        "-drive",
                        "bus=1,unit=1,file=4",
                        "-drive",
                        "if=floppy,file=5",
                        "-drive",
                        "if=none,file=6"));
    }

    @Test
    void snapshotIsForAllThatDoNotSayOtherwise() throws CommandLineException {
        List<Request> drives =
                parse("-hda", "a", "-snapshot", "-drive", "file=b,snapshot=off", "-cdrom", "c");
        assertTrue(drives.get(0).image().snapshot());
        assertTrue(drives.get(1).image().readOnly());
        assertFalse(drives.get(2).image().snapshot());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file=x,fromat=raw | there is no 'fromat'; there are aio, bus, cache, file, format,"
                        + " id, if, index, media, read-only, readonly, rerror,"
                        + " snapshot, unit, werror",
                "x.img | names and values are wanted, as in file=x.img",
                "file=x,format=vmdk | unknown format 'vmdk'; Vitrine has raw or qcow2",
                "file=x,if=virtio | if=virtio is none of ide, floppy and none",
                "file=x,media=tape | media=tape is neither disk nor cdrom",
                "file=x,index=4 | index is 0 to 3, not '4'",
                "file=x,index=one | index is 0 to 3, not 'one'",
                "file=x,index=1,bus=0 | index, or bus and unit, not both",
                "file=x,if=floppy,index=2 | index is 0 to 1, not '2'",
                "file=x,readonly=maybe | readonly is on or off, not 'maybe'",
                "format=raw | the image's file is missing",
                "file=x,cache=hot | invalid cache option 'hot'",
                "file=x,rerror=enospc | 'enospc' invalid read error action; there are report,"
                        + " ignore, stop",
                "file=x,werror=panic | 'panic' invalid write error action; there are report,"
                        + " ignore, stop and enospc"
            })
    void whatIsWrongIsSaid(String drive, String message) {
        assertWrong("-drive " + drive + ": " + message, "-drive", drive);
    }

    @Test
    void placesAndNamesAreGivenOnce() {
        assertWrong("-cdrom b: the place is taken by -hdc a", "-hdc", "a", "-cdrom", "b");
        assertWrong(
                "-drive file=b,id=x: there is a drive 'x' already",
                "-drive",
                "file=a,id=x",
                "-drive",
                "file=b,id=x");
        assertWrong(
                "one disk may be named without an option, not a and b; -hdb takes another",
                "a",
                "b");
        assertWrong(
                "-drive file=5: there are 4 places, and all are taken",
                "-hda",
                "1",
                "-hdb",
                "2",
                "-hdc",
                "3",
                "-hdd",
                "4",
                "-drive",
                "file=5");
    }

    @Test
    void imagesAreOpenedOrNone() throws IOException, CommandLineException {
        Path disk = Files.write(folder.resolve("disk.img"), new byte[4096]);
        Path empty = Files.write(folder.resolve("empty.img"), new byte[0]);
        String good = "file=" + disk + ",format=raw";
        DriveOptions bad = LaunchOptions.parse("-drive", good, "-hdb", empty.toString()).drives();
        assertEquals(
                "-hdb " + empty + ": the image is empty",
                assertThrows(IOException.class, bad::open).getMessage());
        DriveOptions missing =
                LaunchOptions.parse("-drive", good, "-cdrom", folder + "/no.iso").drives();
        assertEquals(
                "-cdrom %s/no.iso: Could not open '%s/no.iso': No such file or directory"
                        .formatted(folder, folder),
                assertThrows(IOException.class, missing::open).getMessage());

        Drives drives = LaunchOptions.parse("-drive", good).drives().open();
        assertEquals(4096, drives.ide().get(0).size());
        for (Drive drive : drives.all()) {
            drive.close();
        }
    }
}
