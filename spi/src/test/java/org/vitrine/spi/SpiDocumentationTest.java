package org.vitrine.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.SinceTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * An author of plugins reads what a type and a method are for, and since when there is the type.
 */
class SpiDocumentationTest {

    private static final Path SOURCES = Path.of("src/main/java").toAbsolutePath();

    @Test
    void everyTypeIsExplainedAndSaysSinceWhen() throws IOException {
        List<String> missing = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> found = Files.walk(SOURCES)) {
            files = found.filter(path -> path.toString().endsWith(".java")).toList();
        }
        assertTrue(files.size() > 10, "the sources are not where they are looked for");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files));
            Iterable<? extends CompilationUnitTree> units = task.parse();
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : units) {
                new Reader(docs, missing).scan(unit, null);
            }
        }
        assertEquals(List.of(), missing);
    }

    /** Collects what lacks an explanation. */
    private static final class Reader extends TreePathScanner<Void, Void> {

        private final DocTrees docs;
        private final List<String> missing;

        Reader(DocTrees docs, List<String> missing) {
            this.docs = docs;
            this.missing = missing;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            Set<Modifier> modifiers = type.getModifiers().getFlags();
            boolean nested = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
            boolean published =
                    modifiers.contains(Modifier.PUBLIC)
                            || modifiers.contains(Modifier.PROTECTED)
                            || nested && isInInterface();
            if (!published) {
                return null;
            }
            DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
            if (comment == null) {
                missing.add(type.getSimpleName() + " is not explained");
            } else if (!hasSince(comment)) {
                missing.add(type.getSimpleName() + " does not say since when it is there");
            }
            return super.visitClass(type, nothing);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            Set<Modifier> modifiers = method.getModifiers().getFlags();
            boolean published =
                    modifiers.contains(Modifier.PUBLIC)
                            || modifiers.contains(Modifier.PROTECTED)
                            || isInInterface() && !modifiers.contains(Modifier.PRIVATE);
            boolean explainedAbove =
                    method.getReturnType() == null
                            || method.getModifiers().getAnnotations().stream()
                                    .anyMatch(annotation ->
                                            annotation
                                                    .getAnnotationType()
                                                    .toString()
                                                    .equals("Override"));
            if (published && !explainedAbove && docs.getDocCommentTree(getCurrentPath()) == null) {
                ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
                missing.add(owner.getSimpleName() + "." + method.getName() + " is not explained");
            }
            return null;
        }

        private boolean isInInterface() {
            TreePath parent = getCurrentPath().getParentPath();
            return parent.getLeaf().getKind() == Tree.Kind.INTERFACE;
        }

        private static boolean hasSince(DocCommentTree comment) {
            for (DocTree tag : comment.getBlockTags()) {
                if (tag instanceof SinceTree) {
                    return true;
                }
            }
            return false;
        }
    }
}
