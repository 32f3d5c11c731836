package org.vitrine.core.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrine.core.memory.RamBlock;
import org.vitrine.spi.display.DisplayLayout;
import org.vitrine.spi.display.Frame;
import org.vitrine.spi.display.FrameSignal;
import org.vitrine.spi.display.SurfaceReader;

class GuestMapsTest {

    @Test
    void aMachineWithoutFilesLetsOthersMapItsScreenAlone() throws Exception {
        try (Machine machine = new Machine(MachineConfig.standard())) {
            List<GuestMap> maps = machine.maps();
            assertEquals(List.of("display"), maps.stream().map(GuestMap::name).toList());
            GuestMap display = maps.getFirst();
            assertEquals(-1, display.address());
            assertEquals(DisplayLayout.SIZE, display.size());
            try (Arena arena = Arena.ofShared();
                    FileChannel file = FileChannel.open(display.path(), StandardOpenOption.READ)) {
                MemorySegment map = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
                SurfaceReader reader = new SurfaceReader(map, FrameSignal.polling());
                Frame outside = new Frame();
                Frame inside = new Frame();
                assertTrue(reader.read(outside));
                assertTrue(machine.display().read(inside));
                assertEquals(inside.mode(), outside.mode());
                assertArrayEquals(inside.pixels(), outside.pixels());
            }
        }
    }

    @Test
    void thePlanPutsRamThatDoesNotFitBelowTheHoleAboveIt() {
        long gib = 1L << 30;
        MemoryPlan plan = MemoryPlan.of(4 * gib, 0x20000);
        assertEquals(3 * gib - MachineConfig.MIB, plan.block(RamBlock.BELOW_4G).size());
        assertEquals(
                new MemoryPlan.Block(RamBlock.ABOVE_4G, 4 * gib, gib),
                plan.block(RamBlock.ABOVE_4G));
        assertNotNull(MemoryPlan.of(3 * gib + gib / 2, 0x20000).block(RamBlock.BELOW_4G));
        assertEquals(null, MemoryPlan.of(3 * gib + gib / 2, 0x20000).block(RamBlock.ABOVE_4G));
        assertEquals(null, MemoryPlan.of(MachineConfig.MIB, 0x20000).block(RamBlock.BELOW_4G));
    }
}
