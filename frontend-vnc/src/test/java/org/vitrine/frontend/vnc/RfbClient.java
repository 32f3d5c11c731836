package org.vitrine.frontend.vnc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import org.vitrine.frontend.vnc.encoding.ZrleDecoder;
import org.vitrine.frontend.vnc.rfb.EncodingType;
import org.vitrine.frontend.vnc.rfb.PixelFormat;
import org.vitrine.frontend.vnc.rfb.RfbOutput;
import org.vitrine.frontend.vnc.rfb.VncAuthentication;
import org.vitrine.spi.display.Rect;
import org.vitrine.spi.testkit.TestHost;

/**
 * A client for tests. It shows nothing and waits at most {@link TestHost#PATIENCE} for anything.
 */
final class RfbClient implements AutoCloseable {

    /** A rectangle of an update: pixel values, or what a pseudo-encoding says. */
    record Rectangle(Rect rect, int encoding, int[] pixels, byte[] data) {}

    final Socket socket;
    final DataInputStream in;
    final DataOutputStream out;
    private final ZrleDecoder zrle = new ZrleDecoder();
    private PixelFormat format = PixelFormat.NATIVE;
    int width;
    int height;
    String name;

    /** What the client has of the screen, pixel values. */
    int[] screen;

    RfbClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) TestHost.PATIENCE.toMillis());
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Connects with version 3.8 and no password. */
    static RfbClient connect(int port) throws IOException {
        return new RfbClient(port).open("003.008", null, true);
    }

    RfbClient open(String version, String password, boolean shared) throws IOException {
        chooseVersion(version);
        authenticate(version, password);
        init(shared);
        return this;
    }

    void chooseVersion(String version) throws IOException {
        String offered = text(12);
        if (!offered.equals("RFB 003.008\n")) {
            throw new IOException("the server offered " + offered);
        }
        out.write(("RFB " + version + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void authenticate(String version, String password) throws IOException {
        int type = version.equals("003.003") ? in.readInt() : securityType();
        if (type == 0) {
            throw new IOException("refused: " + text(in.readInt()));
        }
        if (type == 2) {
            byte[] challenge = new byte[16];
            in.readFully(challenge);
            out.write(VncAuthentication.response(challenge, password));
        }
        if (type == 2 || version.equals("003.008")) {
            if (in.readInt() != 0) {
                throw new IOException(
                        version.equals("003.008") ? text(in.readInt()) : "authentication failed");
            }
        }
    }

    private int securityType() throws IOException {
        int count = in.readUnsignedByte();
        if (count == 0) {
            return 0;
        }
        byte[] types = new byte[count];
        in.readFully(types);
        out.write(types[0]);
        return types[0];
    }

    private void init(boolean shared) throws IOException {
        out.write(shared ? 1 : 0);
        resize(in.readUnsignedShort(), in.readUnsignedShort());
        byte[] pixelFormat = new byte[16];
        in.readFully(pixelFormat);
        name = text(in.readInt());
    }

    private String text(int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void resize(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        screen = new int[width * height];
    }

    void setEncodings(int... encodings) throws IOException {
        RfbOutput message = new RfbOutput().u8(2).u8(0).u16(encodings.length);
        for (int encoding : encodings) {
            message.u32(encoding);
        }
        out.write(message.toByteArray());
    }

    void setPixelFormat(PixelFormat newFormat) throws IOException {
        format = newFormat;
        RfbOutput message = new RfbOutput().u8(0).bytes(new byte[3]);
        newFormat.write(message);
        out.write(message.toByteArray());
    }

    void request(boolean incremental) throws IOException {
        request(incremental, 0, 0, width, height);
    }

    void request(boolean incremental, int x, int y, int w, int h) throws IOException {
        out.write(
                new RfbOutput()
                        .u8(3)
                        .u8(incremental ? 1 : 0)
                        .u16(x)
                        .u16(y)
                        .u16(w)
                        .u16(h)
                        .toByteArray());
    }

    void key(int keysym, boolean down) throws IOException {
        out.write(new RfbOutput().u8(4).u8(down ? 1 : 0).u16(0).u32(keysym).toByteArray());
    }

    void pointer(int buttons, int x, int y) throws IOException {
        out.write(new RfbOutput().u8(5).u8(buttons).u16(x).u16(y).toByteArray());
    }

    /** The next update; its pixels are put on {@link #screen}. */
    List<Rectangle> update() throws IOException, DataFormatException {
        expect(0);
        in.readUnsignedByte();
        int count = in.readUnsignedShort();
        List<Rectangle> rectangles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rectangles.add(rectangle());
        }
        return rectangles;
    }

    /** The colour map that must come next, 256 times red, green and blue. */
    int[] colourMap() throws IOException {
        expect(1);
        in.readUnsignedByte();
        int[] map = new int[256 * 3];
        if (in.readUnsignedShort() != 0 || in.readUnsignedShort() != 256) {
            throw new IOException("not the whole map");
        }
        for (int i = 0; i < map.length; i++) {
            map[i] = in.readUnsignedShort();
        }
        return map;
    }

    private void expect(int type) throws IOException {
        int got = in.readUnsignedByte();
        if (got != type) {
            throw new IOException("message " + got + " came instead of " + type);
        }
    }

    private Rectangle rectangle() throws IOException, DataFormatException {
        Rect rect =
                new Rect(
                        in.readUnsignedShort(),
                        in.readUnsignedShort(),
                        in.readUnsignedShort(),
                        in.readUnsignedShort());
        int encoding = in.readInt();
        int area = rect.width() * rect.height();
        int bytes = format.bitsPerPixel() / 8;
        return switch (encoding) {
            case EncodingType.RAW -> {
                ByteBuffer data = ByteBuffer.wrap(read(area * bytes));
                int[] pixels = new int[area];
                for (int i = 0; i < area; i++) {
                    pixels[i] = ZrleDecoder.pixel(data, bytes, format.bigEndian());
                }
                yield drawn(rect, encoding, pixels);
            }
            case EncodingType.ZRLE ->
                    drawn(
                            rect,
                            encoding,
                            zrle.decode(read(in.readInt()), rect.width(), rect.height(), format));
            case EncodingType.DESKTOP_SIZE -> {
                resize(rect.width(), rect.height());
                yield new Rectangle(rect, encoding, null, null);
            }
            case EncodingType.CURSOR ->
                    new Rectangle(
                            rect,
                            encoding,
                            null,
                            read(area * bytes + (rect.width() + 7) / 8 * rect.height()));
            case EncodingType.QEMU_LED_STATE -> new Rectangle(rect, encoding, null, read(1));
            case EncodingType.QEMU_EXTENDED_KEY_EVENT -> new Rectangle(rect, encoding, null, null);
            default -> throw new IOException("encoding " + encoding + " was not asked for");
        };
    }

    private Rectangle drawn(Rect rect, int encoding, int[] pixels) throws IOException {
        if (rect.x() + rect.width() > width || rect.y() + rect.height() > height) {
            throw new IOException(rect + " is not on the screen");
        }
        for (int y = 0; y < rect.height(); y++) {
            System.arraycopy(
                    pixels,
                    y * rect.width(),
                    screen,
                    (rect.y() + y) * width + rect.x(),
                    rect.width());
        }
        return new Rectangle(rect, encoding, pixels, null);
    }

    private byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }

    int pixel(int x, int y) {
        return screen[y * width + x];
    }

    /** Waits until the server closes the connection. */
    void awaitClosed() throws IOException {
        TestHost.awaitEnd(socket);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
