package org.vitrine.spi.display;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.vitrine.spi.display.DisplayMapPage.Table;

/** What docs/display-map.md says is what the layout is. */
class DisplayMapPageTest {

    private static final Pattern TYPE = Pattern.compile("[ui](8|16|32|64)(?:\\[(\\d+)])?");
    private static final Pattern DEFINITION =
            Pattern.compile("\\b([A-Z][A-Z_]+[A-Z]) ?=? (?:UINT64_C\\()?(0x[0-9A-Fa-f]+|\\d+)");

    private final DisplayMapPage page = DisplayMapPage.read();

    DisplayMapPageTest() throws IOException {}

    private static Map<String, Long> layoutConstants() throws IllegalAccessException {
        Map<String, Long> constants = new TreeMap<>();
        for (Field field : DisplayLayout.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())
                    && (field.getType() == int.class || field.getType() == long.class)) {
                constants.put(field.getName(), field.getLong(null));
            }
        }
        return constants;
    }

    private Stream<Table> tables(String firstColumn) {
        return page.tables().stream().filter(table -> table.head().getFirst().equals(firstColumn));
    }

    private static void putOnce(Map<String, Long> map, String name, String value) {
        assertNull(map.put(name, Long.decode(value)), name + " stands in two tables");
    }

    @Test
    void tablesHaveAllConstantsOfTheLayoutAndNoOther() throws IllegalAccessException {
        Map<String, Long> documented = new TreeMap<>();
        tables("offset")
                .flatMap(table -> table.rows().stream())
                .forEach(row -> putOnce(documented, row.get(1), row.get(0)));
        tables("constant")
                .flatMap(table -> table.rows().stream())
                .forEach(row -> putOnce(documented, row.get(0), row.get(1)));
        assertEquals(layoutConstants(), documented);
    }

    @Test
    void fieldsAreAlignedAndDoNotOverlap() {
        List<Table> tables = tables("offset").toList();
        assertEquals(5, tables.size(), "header, entry, display, cursor, surface");
        for (Table table : tables) {
            long free = 0;
            for (List<String> row : table.rows()) {
                long offset = Long.decode(row.get(0));
                assertTrue(offset >= free, row.get(1) + " begins before " + free);
                if (row.get(2).equals("entry[]")) {
                    // The directory is the last in its table.
                    assertEquals(0, offset % Long.BYTES, row.get(1));
                    free = Long.MAX_VALUE;
                    continue;
                }
                Matcher type = TYPE.matcher(row.get(2));
                assertTrue(type.matches(), row.get(1) + " has the type " + row.get(2));
                int size = Integer.parseInt(type.group(1)) / 8;
                assertEquals(0, offset % size, row.get(1) + " is not at a multiple of " + size);
                free = offset + size * (type.group(2) == null ? 1 : Long.parseLong(type.group(2)));
            }
        }
    }

    @Test
    void arraysEndWhereTheirSectionsDo() {
        Map<String, Long> ends = new TreeMap<>();
        tables("offset")
                .flatMap(table -> table.rows().stream())
                .forEach(row -> {
                    Matcher type = TYPE.matcher(row.get(2));
                    if (type.matches() && type.group(2) != null) {
                        ends.put(
                                row.get(1),
                                Long.decode(row.get(0))
                                        + Long.parseLong(type.group(1))
                                                / 8
                                                * Long.parseLong(type.group(2)));
                    }
                });
        assertEquals(DisplayLayout.SURFACE_SIZE, ends.get("SURFACE_PIXELS"));
        assertTrue(ends.get("SURFACE_TEXT_CELLS") <= DisplayLayout.SURFACE_PIXELS);
        assertTrue(ends.get("SURFACE_SCANOUT_MAP") <= DisplayLayout.SURFACE_TEXT_CELLS);
        assertTrue(ends.get("CURSOR_PIXELS") <= DisplayLayout.CURSOR_SIZE);
    }

    @Test
    void diagramShowsWhereTheSurfacesStart() {
        for (int surface = 0; surface <= DisplayLayout.SURFACE_COUNT; surface++) {
            String offset = "0x%05X".formatted(DisplayLayout.surface(surface));
            assertTrue(
                    page.text().lines().anyMatch(line -> line.matches(offset + " *\\+-+\\+")),
                    offset + " is no line of the diagram");
        }
    }

    @Test
    void codesAreTheOrdinalsOfTheirEnums() {
        assertCodes("WriterState", 0, DisplayLayout.WriterState.values());
        assertCodes("Kind", 0, DisplayMode.Kind.values());
        assertCodes("ScanoutFormat", 1, Scanout.Format.values());
    }

    private void assertCodes(String name, int first, Enum<?>[] values) {
        List<String> expected =
                Arrays.stream(values).map(v -> first + v.ordinal() + " " + v.name()).toList();
        List<String> documented =
                tables("code")
                        .filter(table -> table.head().get(1).equals(name))
                        .flatMap(table -> table.rows().stream())
                        .map(row -> row.get(0) + " " + row.get(1))
                        .toList();
        assertEquals(expected, documented);
    }

    @Test
    void programsUseTheLayoutsNumbers() throws IllegalAccessException {
        Map<String, Long> constants = layoutConstants();
        for (String name : List.of("vitrine_display.h", "vitrine_display.py")) {
            String program = page.programs().get(name);
            assertNotNull(program, name + " is not on the page");
            int defined = 0;
            Matcher definition = DEFINITION.matcher(program);
            while (definition.find()) {
                Long value = constants.get(definition.group(1));
                if (value != null) {
                    assertEquals(
                            value,
                            Long.decode(definition.group(2)),
                            name + " " + definition.group());
                    defined++;
                }
            }
            assertTrue(defined >= 10, name + " defines only " + defined + " of the constants");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nanoTimeIsTheMonotonicClock() throws Throwable {
        // int clock_gettime(CLOCK_MONOTONIC = 1, {tv_sec, tv_nsec}), see clock_getres(2).
        Linker linker = Linker.nativeLinker();
        MethodHandle gettime =
                linker.downcallHandle(
                        linker.defaultLookup().find("clock_gettime").orElseThrow(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time =
                    arena.allocate(MemoryLayout.sequenceLayout(2, ValueLayout.JAVA_LONG));
            for (int i = 0; i < 1000; i++) {
                long before = System.nanoTime();
                assertEquals(0, (int) gettime.invokeExact(1, time));
                long after = System.nanoTime();
                long monotonic =
                        time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000
                                + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
                assertTrue(
                        before <= monotonic && monotonic <= after,
                        () -> before + " <= " + monotonic + " <= " + after);
            }
        }
    }
}
