package org.vitrine.spi.testkit;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.vitrine.spi.input.KeyCode;

/**
 * A terminal at the other end of a TCP connection, for frontends that show the screen by ANSI
 * sequences (ECMA-48). It knows how to place and clear text, and passes over all that changes only
 * how text looks. A frame is whole at the end of a synchronized update (DEC private mode 2026).
 */
public final class TerminalViewer implements Viewer {

    private static final int EDGE = 256;
    private static final char ESCAPE = 0x1B;

    private final Socket socket;
    private final char[][] grid = new char[EDGE][EDGE];
    private int row;
    private int column;
    private int rows;
    private volatile List<String> frame;

    /** Connects to this port of this host. */
    public TerminalViewer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        clear();
        Thread.ofVirtual().name("terminal").start(this::listen);
    }

    private void listen() {
        try (Reader in = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)) {
            for (int c = in.read(); c >= 0; c = in.read()) {
                take((char) c, in);
            }
        } catch (IOException e) {
            // It has been closed, at this end or the other.
        }
    }

    private void take(char c, Reader in) throws IOException {
        if (c == ESCAPE) {
            escape(in);
        } else if (c == '\r') {
            column = 0;
        } else if (c == '\n') {
            row = Math.min(row + 1, EDGE - 1);
        } else if (c >= ' ' && c != '\uFFFD' && column < EDGE) {
            // Telnet's commands are no UTF-8, and so come as replacement characters and controls.
            grid[row][column++] = c;
            rows = Math.max(rows, row + 1);
        }
    }

    private void escape(Reader in) throws IOException {
        if (in.read() != '[') {
            return;
        }
        StringBuilder parameters = new StringBuilder();
        int c = in.read();
        while (c >= 0 && (c < '@' || c > '~')) {
            parameters.append((char) c);
            c = in.read();
        }
        switch (c) {
            case 'H' -> {
                int[] place = numbers(parameters.toString());
                row = Math.clamp(place[0] - 1, 0, EDGE - 1);
                column = Math.clamp(place.length < 2 ? 0 : place[1] - 1, 0, EDGE - 1);
            }
            case 'J' -> clear();
            case 'K' -> Arrays.fill(grid[row], column, EDGE, ' ');
            case 'l' -> {
                if (parameters.toString().equals("?2026")) {
                    frame = lines();
                }
            }
            default -> {
                // Colours, and whether there is a cursor.
            }
        }
    }

    private static int[] numbers(String parameters) {
        return parameters.isEmpty()
                ? new int[] {1, 1}
                : Arrays.stream(parameters.split(";")).mapToInt(Integer::parseInt).toArray();
    }

    private void clear() {
        for (char[] line : grid) {
            Arrays.fill(line, ' ');
        }
        rows = 0;
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>(rows);
        for (int i = 0; i < rows; i++) {
            lines.add(new String(grid[i]).stripTrailing());
        }
        return lines;
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of(Ability.TEXT, Ability.TYPES);
    }

    @Override
    public List<String> text() {
        return frame;
    }

    /** Types a letter, a digit, or Return. */
    @Override
    public void tap(KeyCode key) throws IOException {
        String typed = key == KeyCode.RET ? "\r" : key.qmpName();
        if (typed.length() != 1) {
            throw new IllegalArgumentException("this viewer can't type " + key);
        }
        socket.getOutputStream().write(typed.charAt(0));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
