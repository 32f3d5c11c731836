package org.vitrine.monitor.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.vitrine.core.storage.DiskImage;
import org.vitrine.core.storage.Drive;
import org.vitrine.core.storage.DriveStatistics;
import org.vitrine.core.storage.ErrorPolicy;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/** What is told of drives and their images. Safe for use by several threads. */
final class BlockReports {

    private static final EnumType STATUS =
            new EnumType("BlockDeviceIoStatus", List.of("ok", "failed", "nospace"));

    private static final EnumType DETECT_ZEROES =
            new EnumType("BlockdevDetectZeroesOptions", List.of("off", "on", "unmap"));

    private static final ObjectType IMAGE =
            ObjectType.of(
                    "ImageInfo",
                    Member.required("filename", Builtin.STR, "the file"),
                    Member.required("format", Builtin.STR, "raw or qcow2"),
                    Member.optional("dirty-flag", Builtin.BOOL, "false"),
                    Member.required("virtual-size", Builtin.INT, "bytes that the guest sees"),
                    Member.optional("backing-filename", Builtin.STR, "what is below"),
                    Member.optional("full-backing-filename", Builtin.STR, "the same"),
                    Member.optional("backing-filename-format", Builtin.STR, "its format"));

    private static final ObjectType CACHE =
            ObjectType.of(
                    "BlockdevCacheInfo",
                    Member.required("writeback", Builtin.BOOL, "true"),
                    Member.required("direct", Builtin.BOOL, "false"),
                    Member.required("no-flush", Builtin.BOOL, "false"));

    /** An image that is open. */
    static final ObjectType BLOCK_DEVICE_INFO =
            ObjectType.of(
                    "BlockDeviceInfo",
                    Member.required("file", Builtin.STR, "the image"),
                    Member.optional("node-name", Builtin.STR, "the node's name"),
                    Member.required("ro", Builtin.BOOL, "whether it is read only"),
                    Member.required("drv", Builtin.STR, "the image's format"),
                    Member.optional("backing_file", Builtin.STR, "what is below"),
                    Member.required("backing_file_depth", Builtin.INT, "how much is below"),
                    Member.required("encrypted", Builtin.BOOL, "false"),
                    Member.required("detect_zeroes", DETECT_ZEROES, "off"),
                    Member.required("bps", Builtin.INT, "0: there is no limit"),
                    Member.required("bps_rd", Builtin.INT, "0"),
                    Member.required("bps_wr", Builtin.INT, "0"),
                    Member.required("iops", Builtin.INT, "0"),
                    Member.required("iops_rd", Builtin.INT, "0"),
                    Member.required("iops_wr", Builtin.INT, "0"),
                    Member.required("image", IMAGE, "the image"),
                    Member.required("cache", CACHE, "how the host's cache is used"),
                    Member.required("write_threshold", Builtin.INT, "0"));

    /** A drive. */
    static final ObjectType BLOCK_INFO =
            ObjectType.of(
                    "BlockInfo",
                    Member.required("device", Builtin.STR, "the drive's name"),
                    Member.optional("qdev", Builtin.STR, "the same, when it is attached"),
                    Member.required("type", Builtin.STR, "as QEMU says: unknown"),
                    Member.required("removable", Builtin.BOOL, "whether the medium can be changed"),
                    Member.required("locked", Builtin.BOOL, "whether the guest has locked it in"),
                    Member.optional("inserted", BLOCK_DEVICE_INFO, "the medium"),
                    Member.optional("tray_open", Builtin.BOOL, "whether the tray is open"),
                    Member.optional(
                            "io-status", STATUS, "why the machine was stopped for this drive"));

    private static final List<String> ALWAYS_ZERO =
            List.of(
                    "unmap_bytes",
                    "unmap_operations",
                    "unmap_total_time_ns",
                    "rd_merged",
                    "wr_merged",
                    "unmap_merged",
                    "failed_unmap_operations",
                    "invalid_rd_operations",
                    "invalid_wr_operations",
                    "invalid_flush_operations",
                    "invalid_unmap_operations");

    private static final ObjectType STATISTICS =
            ObjectType.of(
                    "BlockDeviceStats",
                    Member.required("rd_bytes", Builtin.INT, "bytes read"),
                    Member.required("wr_bytes", Builtin.INT, "bytes written"),
                    Member.required("unmap_bytes", Builtin.INT, "0"),
                    Member.required("rd_operations", Builtin.INT, "reads"),
                    Member.required("wr_operations", Builtin.INT, "writes"),
                    Member.required("flush_operations", Builtin.INT, "flushes"),
                    Member.required("unmap_operations", Builtin.INT, "0"),
                    Member.required("rd_total_time_ns", Builtin.INT, "time of all reads"),
                    Member.required("wr_total_time_ns", Builtin.INT, "time of all writes"),
                    Member.required("flush_total_time_ns", Builtin.INT, "time of all flushes"),
                    Member.required("unmap_total_time_ns", Builtin.INT, "0"),
                    Member.required("wr_highest_offset", Builtin.INT, "the end of all writes"),
                    Member.required("rd_merged", Builtin.INT, "0"),
                    Member.required("wr_merged", Builtin.INT, "0"),
                    Member.required("unmap_merged", Builtin.INT, "0"),
                    Member.required("failed_rd_operations", Builtin.INT, "reads that failed"),
                    Member.required("failed_wr_operations", Builtin.INT, "writes that failed"),
                    Member.required("failed_flush_operations", Builtin.INT, "flushes that failed"),
                    Member.required("failed_unmap_operations", Builtin.INT, "0"),
                    Member.required("invalid_rd_operations", Builtin.INT, "0"),
                    Member.required("invalid_wr_operations", Builtin.INT, "0"),
                    Member.required("invalid_flush_operations", Builtin.INT, "0"),
                    Member.required("invalid_unmap_operations", Builtin.INT, "0"),
                    Member.required("account_invalid", Builtin.BOOL, "true"),
                    Member.required("account_failed", Builtin.BOOL, "true"),
                    Member.required("timed_stats", Builtin.ANY.list(), "none"));

    /** What a drive has done. */
    static final ObjectType BLOCK_STATS =
            ObjectType.of(
                    "BlockStats",
                    Member.optional("device", Builtin.STR, "the drive's name"),
                    Member.optional("qdev", Builtin.STR, "the same, when it is attached"),
                    Member.optional("node-name", Builtin.STR, "the node's name"),
                    Member.required("stats", STATISTICS, "the figures"));

    private final Map<DiskImage, String> nodeNames = new WeakHashMap<>();
    private int nodes;

    /** The name that an image has as long as it is open. */
    synchronized String nodeName(DiskImage image) {
        return nodeNames.computeIfAbsent(image, open -> String.format("#block%03d", nodes++));
    }

    /** One drive. */
    JsonObject drive(Drive drive, boolean attached) {
        JsonObject info = new JsonObject();
        DiskImage image = drive.image();
        if (attached && (image != null || drive.kind() == Drive.Kind.CDROM)) {
            info.addProperty("io-status", status(drive.stopped()));
        }
        info.addProperty("device", drive.name());
        info.addProperty("locked", drive.locked());
        info.addProperty("removable", drive.kind().removable() || !attached);
        if (image != null) {
            info.add("inserted", node(image));
        }
        if (attached) {
            info.addProperty("qdev", drive.name());
            if (drive.kind() == Drive.Kind.CDROM) {
                info.addProperty("tray_open", drive.trayOpen());
            }
        }
        info.addProperty("type", "unknown");
        return info;
    }

    private static String status(IOException stopped) {
        if (stopped == null) {
            return "ok";
        }
        return ErrorPolicy.isNoSpace(stopped) ? "nospace" : "failed";
    }

    /** One image that is open. */
    JsonObject node(DiskImage image) {
        JsonObject info = new JsonObject();
        for (String limit : List.of("bps", "bps_rd", "bps_wr", "iops", "iops_rd", "iops_wr")) {
            info.addProperty(limit, 0);
        }
        info.addProperty("file", image.file().toString());
        info.addProperty("node-name", nodeName(image));
        info.addProperty("ro", image.readOnly());
        info.addProperty("drv", image.format().word());
        int depth = 0;
        for (DiskImage below = image.backing(); below != null; below = below.backing()) {
            depth++;
        }
        if (depth > 0) {
            info.addProperty("backing_file", image.backing().file().toString());
        }
        info.addProperty("backing_file_depth", depth);
        info.addProperty("encrypted", false);
        info.addProperty("detect_zeroes", "off");
        info.add("image", image(image));
        JsonObject cache = new JsonObject();
        cache.addProperty("writeback", true);
        cache.addProperty("direct", false);
        cache.addProperty("no-flush", false);
        info.add("cache", cache);
        info.addProperty("write_threshold", 0);
        return info;
    }

    private static JsonObject image(DiskImage image) {
        JsonObject info = new JsonObject();
        info.addProperty("filename", image.file().toString());
        info.addProperty("format", image.format().word());
        info.addProperty("virtual-size", image.size());
        info.addProperty("dirty-flag", false);
        if (image.backing() != null) {
            info.addProperty("backing-filename", image.backing().file().toString());
            info.addProperty("full-backing-filename", image.backing().file().toString());
            info.addProperty("backing-filename-format", image.backing().format().word());
        }
        return info;
    }

    /** What one drive has done. */
    JsonObject statistics(Drive drive, boolean attached) {
        JsonObject info = new JsonObject();
        info.addProperty("device", drive.name());
        if (attached) {
            info.addProperty("qdev", drive.name());
        }
        if (drive.image() != null) {
            info.addProperty("node-name", nodeName(drive.image()));
        }
        DriveStatistics figures = drive.statistics();
        JsonObject stats = new JsonObject();
        stats.addProperty("rd_bytes", figures.readBytes());
        stats.addProperty("wr_bytes", figures.writtenBytes());
        stats.addProperty("rd_operations", figures.readOperations());
        stats.addProperty("wr_operations", figures.writeOperations());
        stats.addProperty("flush_operations", figures.flushOperations());
        stats.addProperty("rd_total_time_ns", figures.readNanos());
        stats.addProperty("wr_total_time_ns", figures.writeNanos());
        stats.addProperty("flush_total_time_ns", figures.flushNanos());
        stats.addProperty("wr_highest_offset", figures.highestOffset());
        stats.addProperty("failed_rd_operations", figures.failedReads());
        stats.addProperty("failed_wr_operations", figures.failedWrites());
        stats.addProperty("failed_flush_operations", figures.failedFlushes());
        ALWAYS_ZERO.forEach(name -> stats.addProperty(name, 0));
        stats.addProperty("account_invalid", true);
        stats.addProperty("account_failed", true);
        stats.add("timed_stats", new JsonArray());
        info.add("stats", stats);
        return info;
    }

    /** The drives as people read of them. */
    static String words(JsonElement drives) {
        StringBuilder text = new StringBuilder();
        for (JsonElement element : drives.getAsJsonArray()) {
            JsonObject drive = element.getAsJsonObject();
            text.append(text.isEmpty() ? "" : "\n").append(word(drive, "device"));
            JsonElement inserted = drive.get("inserted");
            if (inserted instanceof JsonObject medium) {
                text.append(
                        " (%s): %s (%s%s)\n"
                                .formatted(
                                        word(medium, "node-name"),
                                        word(medium, "file"),
                                        word(medium, "drv"),
                                        is(medium, "ro") ? ", read-only" : ""));
            } else {
                text.append(": [not inserted]\n");
            }
            if (drive.has("qdev")) {
                text.append("    Attached to:      ").append(word(drive, "qdev")).append('\n');
            }
            if (is(drive, "removable")) {
                text.append(
                        "    Removable device: %slocked, tray %s\n"
                                .formatted(
                                        is(drive, "locked") ? "" : "not ",
                                        is(drive, "tray_open") ? "open" : "closed"));
            }
            if (inserted instanceof JsonObject medium) {
                text.append("    Cache mode:       writeback\n");
                if (medium.has("backing_file")) {
                    text.append(
                            "    Backing file:     %s (chain depth: %s)\n"
                                    .formatted(
                                            word(medium, "backing_file"),
                                            word(medium, "backing_file_depth")));
                }
            }
        }
        return text.isEmpty() ? "there is no drive\n" : text.toString();
    }

    /** What the drives have done, as people read of it. */
    static String statisticsWords(JsonElement drives) {
        StringBuilder text = new StringBuilder();
        for (JsonElement element : drives.getAsJsonArray()) {
            JsonObject drive = element.getAsJsonObject();
            text.append(word(drive, "device")).append(':');
            for (String figure :
                    List.of(
                            "rd_bytes",
                            "wr_bytes",
                            "rd_operations",
                            "wr_operations",
                            "flush_operations",
                            "wr_total_time_ns",
                            "rd_total_time_ns",
                            "flush_total_time_ns",
                            "rd_merged",
                            "wr_merged")) {
                text.append(' ')
                        .append(figure)
                        .append('=')
                        .append(word(drive.getAsJsonObject("stats"), figure));
            }
            text.append('\n');
        }
        return text.isEmpty() ? "there is no drive\n" : text.toString();
    }

    private static String word(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    private static boolean is(JsonObject object, String name) {
        return object.has(name) && object.get(name).getAsBoolean();
    }
}
