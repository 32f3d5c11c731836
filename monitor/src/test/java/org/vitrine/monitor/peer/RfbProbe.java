package org.vitrine.monitor.peer;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A VNC client that can do little: no security, raw pixels of 32 bits, keys (RFC 6143). */
final class RfbProbe implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int NAME_OFFSET = 20;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final int width;
    private final int height;

    RfbProbe(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        byte[] version = in.readNBytes(12);
        if (!new String(version, StandardCharsets.US_ASCII).equals("RFB 003.008\n")) {
            throw new IOException("no RFB server greets here");
        }
        out.write(version);
        in.readNBytes(in.readUnsignedByte());
        out.writeByte(1); // security type None
        if (in.readInt() != 0) {
            throw new IOException("the server refuses");
        }
        out.writeByte(1); // shared
        width = in.readUnsignedShort();
        height = in.readUnsignedShort();
        in.readNBytes(NAME_OFFSET - 4);
        in.readNBytes(in.readInt());
    }

    /** The whole screen now; the pixels as they come, rectangle by rectangle. */
    byte[] screen() throws IOException {
        out.writeByte(3); // FramebufferUpdateRequest
        out.writeByte(0);
        out.writeShort(0);
        out.writeShort(0);
        out.writeShort(width);
        out.writeShort(height);
        out.flush();
        if (in.readUnsignedByte() != 0) {
            throw new IOException("an update was expected");
        }
        in.readUnsignedByte();
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            in.readInt();
            int size = in.readUnsignedShort() * in.readUnsignedShort() * 4;
            if (in.readInt() != 0) {
                throw new IOException("raw pixels were expected");
            }
            pixels.write(in.readNBytes(size));
        }
        return pixels.toByteArray();
    }

    /** Presses or releases a key, by X11 keysym. */
    void key(int keysym, boolean down) throws IOException {
        out.writeByte(4);
        out.writeByte(down ? 1 : 0);
        out.writeShort(0);
        out.writeInt(keysym);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
