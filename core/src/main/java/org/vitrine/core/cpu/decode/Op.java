package org.vitrine.core.cpu.decode;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.TreeMap;

/**
 * The operations as dense numbers, for executors to switch on: a group in the bits from {@link
 * #GROUP_SHIFT}, a number in the group below. The constants' names are the names that {@link
 * InstructionTable} uses; what follows an underscore tells forms of one mnemonic apart and is not
 * printed.
 */
public final class Op {

    private Op() {}

    public static final int GROUP_SHIFT = 6;

    public static final int ARITHMETIC = 0 << GROUP_SHIFT;
    public static final int ADD = ARITHMETIC;
    public static final int OR = ARITHMETIC + 1;
    public static final int ADC = ARITHMETIC + 2;
    public static final int SBB = ARITHMETIC + 3;
    public static final int AND = ARITHMETIC + 4;
    public static final int SUB = ARITHMETIC + 5;
    public static final int XOR = ARITHMETIC + 6;
    public static final int CMP = ARITHMETIC + 7;
    public static final int TEST = ARITHMETIC + 8;
    public static final int INC = ARITHMETIC + 9;
    public static final int DEC = ARITHMETIC + 10;
    public static final int NEG = ARITHMETIC + 11;
    public static final int NOT = ARITHMETIC + 12;

    public static final int MOVE = 1 << GROUP_SHIFT;
    public static final int MOV = MOVE;
    public static final int MOVZX = MOVE + 1;
    public static final int MOVSX = MOVE + 2;
    public static final int XCHG = MOVE + 3;
    public static final int LEA = MOVE + 4;
    public static final int XLAT = MOVE + 5;
    public static final int CBW = MOVE + 6;
    public static final int CWD = MOVE + 7;
    public static final int BSWAP = MOVE + 8;
    public static final int LAHF = MOVE + 9;
    public static final int SAHF = MOVE + 10;
    public static final int SALC = MOVE + 11;
    public static final int CLC = MOVE + 12;
    public static final int STC = MOVE + 13;
    public static final int CMC = MOVE + 14;
    public static final int CLD = MOVE + 15;
    public static final int STD = MOVE + 16;
    public static final int NOP = MOVE + 17;
    public static final int NOP_LONG = MOVE + 18;
    public static final int PAUSE = MOVE + 19;

    /** SETO; the other fifteen conditions follow. */
    public static final int SETCC = MOVE + 32;

    /** CMOVO; the other fifteen conditions follow. */
    public static final int CMOVCC = MOVE + 48;

    public static final int STACK = 2 << GROUP_SHIFT;
    public static final int PUSH = STACK;
    public static final int POP = STACK + 1;
    public static final int PUSH_SEG = STACK + 2;
    public static final int POP_SEG = STACK + 3;
    public static final int PUSHA = STACK + 4;
    public static final int POPA = STACK + 5;
    public static final int PUSHF = STACK + 6;
    public static final int POPF = STACK + 7;
    public static final int ENTER = STACK + 8;
    public static final int LEAVE = STACK + 9;

    public static final int BRANCH = 3 << GROUP_SHIFT;

    /** JO; the other fifteen conditions follow. */
    public static final int JCC = BRANCH;

    public static final int JMP = BRANCH + 16;
    public static final int JMP_ABS = BRANCH + 17;
    public static final int CALL = BRANCH + 18;
    public static final int CALL_ABS = BRANCH + 19;
    public static final int RET = BRANCH + 20;
    public static final int LOOPNE = BRANCH + 21;
    public static final int LOOPE = BRANCH + 22;
    public static final int LOOP = BRANCH + 23;
    public static final int JCXZ = BRANCH + 24;

    public static final int FAR = 4 << GROUP_SHIFT;
    public static final int JMP_FAR = FAR;
    public static final int CALL_FAR = FAR + 1;
    public static final int RETF = FAR + 2;
    public static final int INT = FAR + 3;
    public static final int INT3 = FAR + 4;
    public static final int INTO = FAR + 5;
    public static final int INT1 = FAR + 6;
    public static final int IRET = FAR + 7;
    public static final int LES = FAR + 8;
    public static final int LDS = FAR + 9;
    public static final int LSS = FAR + 10;
    public static final int LFS = FAR + 11;
    public static final int LGS = FAR + 12;
    public static final int MOV_SEG = FAR + 13;
    public static final int MOV_FROMSEG = FAR + 14;
    public static final int BOUND = FAR + 15;

    public static final int SHIFT = 5 << GROUP_SHIFT;
    public static final int ROL = SHIFT;
    public static final int ROR = SHIFT + 1;
    public static final int RCL = SHIFT + 2;
    public static final int RCR = SHIFT + 3;
    public static final int SHL = SHIFT + 4;
    public static final int SHR = SHIFT + 5;

    /** The undocumented second encoding of SHL. */
    public static final int SHL_ALIAS = SHIFT + 6;

    public static final int SAR = SHIFT + 7;
    public static final int SHLD = SHIFT + 8;
    public static final int SHRD = SHIFT + 9;

    public static final int MULTIPLY = 6 << GROUP_SHIFT;
    public static final int MUL = MULTIPLY;
    public static final int IMUL = MULTIPLY + 1;
    public static final int DIV = MULTIPLY + 2;
    public static final int IDIV = MULTIPLY + 3;

    /** The forms of IMUL that keep the low half only. */
    public static final int IMUL_LOW = MULTIPLY + 4;

    public static final int DAA = MULTIPLY + 5;
    public static final int DAS = MULTIPLY + 6;
    public static final int AAA = MULTIPLY + 7;
    public static final int AAS = MULTIPLY + 8;
    public static final int AAM = MULTIPLY + 9;
    public static final int AAD = MULTIPLY + 10;

    public static final int BITS = 7 << GROUP_SHIFT;
    public static final int BT = BITS;
    public static final int BTS = BITS + 1;
    public static final int BTR = BITS + 2;
    public static final int BTC = BITS + 3;
    public static final int BSF = BITS + 4;
    public static final int BSR = BITS + 5;
    public static final int XADD = BITS + 6;
    public static final int CMPXCHG = BITS + 7;
    public static final int CMPXCHG8B = BITS + 8;

    public static final int STRING = 8 << GROUP_SHIFT;
    public static final int MOVS = STRING;
    public static final int CMPS = STRING + 1;
    public static final int STOS = STRING + 2;
    public static final int LODS = STRING + 3;
    public static final int SCAS = STRING + 4;
    public static final int INS = STRING + 5;
    public static final int OUTS = STRING + 6;

    public static final int SYSTEM = 9 << GROUP_SHIFT;
    public static final int IN = SYSTEM;
    public static final int OUT = SYSTEM + 1;
    public static final int CLI = SYSTEM + 2;
    public static final int STI = SYSTEM + 3;
    public static final int HLT = SYSTEM + 4;
    public static final int SGDT = SYSTEM + 5;
    public static final int SIDT = SYSTEM + 6;
    public static final int LGDT = SYSTEM + 7;
    public static final int LIDT = SYSTEM + 8;
    public static final int SMSW = SYSTEM + 9;
    public static final int LMSW = SYSTEM + 10;
    public static final int INVLPG = SYSTEM + 11;
    public static final int CLTS = SYSTEM + 12;
    public static final int INVD = SYSTEM + 13;
    public static final int WBINVD = SYSTEM + 14;
    public static final int MOV_FROMCR = SYSTEM + 15;
    public static final int MOV_CR = SYSTEM + 16;
    public static final int MOV_FROMDR = SYSTEM + 17;
    public static final int MOV_DR = SYSTEM + 18;
    public static final int RDTSC = SYSTEM + 19;
    public static final int CPUID = SYSTEM + 20;
    public static final int RDMSR = SYSTEM + 21;
    public static final int WRMSR = SYSTEM + 22;
    public static final int RDPMC = SYSTEM + 23;
    public static final int SLDT = SYSTEM + 24;
    public static final int STR = SYSTEM + 25;
    public static final int LLDT = SYSTEM + 26;
    public static final int LTR = SYSTEM + 27;
    public static final int VERR = SYSTEM + 28;
    public static final int VERW = SYSTEM + 29;
    public static final int LAR = SYSTEM + 30;
    public static final int LSL = SYSTEM + 31;
    public static final int ARPL = SYSTEM + 32;
    public static final int UD2 = SYSTEM + 33;

    /** No instruction has this encoding. */
    public static final int UNDEFINED = SYSTEM + 34;

    /** An instruction of more than fifteen bytes. */
    public static final int OVERLONG = SYSTEM + 35;

    public static final int SYSENTER = SYSTEM + 36;
    public static final int SYSEXIT = SYSTEM + 37;

    /**
     * Floating-point arithmetic. The eight operations of the opcode maps come in their order, three
     * times: FADD to FDIVR, with integers in memory, and with a pop; the low three bits tell which.
     */
    public static final int FLOAT_ARITHMETIC = 10 << GROUP_SHIFT;

    public static final int FADD = FLOAT_ARITHMETIC;
    public static final int FMUL = FLOAT_ARITHMETIC + 1;
    public static final int FCOM = FLOAT_ARITHMETIC + 2;
    public static final int FCOMP = FLOAT_ARITHMETIC + 3;
    public static final int FSUB = FLOAT_ARITHMETIC + 4;
    public static final int FSUBR = FLOAT_ARITHMETIC + 5;
    public static final int FDIV = FLOAT_ARITHMETIC + 6;
    public static final int FDIVR = FLOAT_ARITHMETIC + 7;
    public static final int FIADD = FLOAT_ARITHMETIC + 8;
    public static final int FIMUL = FLOAT_ARITHMETIC + 9;
    public static final int FICOM = FLOAT_ARITHMETIC + 10;
    public static final int FICOMP = FLOAT_ARITHMETIC + 11;
    public static final int FISUB = FLOAT_ARITHMETIC + 12;
    public static final int FISUBR = FLOAT_ARITHMETIC + 13;
    public static final int FIDIV = FLOAT_ARITHMETIC + 14;
    public static final int FIDIVR = FLOAT_ARITHMETIC + 15;
    public static final int FADDP = FLOAT_ARITHMETIC + 16;
    public static final int FMULP = FLOAT_ARITHMETIC + 17;
    public static final int FCOMP_2 = FLOAT_ARITHMETIC + 18;
    public static final int FCOMPP = FLOAT_ARITHMETIC + 19;
    public static final int FSUBP = FLOAT_ARITHMETIC + 20;
    public static final int FSUBRP = FLOAT_ARITHMETIC + 21;
    public static final int FDIVP = FLOAT_ARITHMETIC + 22;
    public static final int FDIVRP = FLOAT_ARITHMETIC + 23;
    public static final int FCOM_1 = FLOAT_ARITHMETIC + 24;
    public static final int FCOMP_1 = FLOAT_ARITHMETIC + 25;
    public static final int FUCOM = FLOAT_ARITHMETIC + 26;
    public static final int FUCOMP = FLOAT_ARITHMETIC + 27;
    public static final int FUCOMPP = FLOAT_ARITHMETIC + 28;
    public static final int FCOMI = FLOAT_ARITHMETIC + 29;
    public static final int FUCOMI = FLOAT_ARITHMETIC + 30;
    public static final int FCOMIP = FLOAT_ARITHMETIC + 31;
    public static final int FUCOMIP = FLOAT_ARITHMETIC + 32;
    public static final int FTST = FLOAT_ARITHMETIC + 33;
    public static final int FXAM = FLOAT_ARITHMETIC + 34;

    public static final int FLOAT_MOVE = 11 << GROUP_SHIFT;
    public static final int FLD = FLOAT_MOVE;
    public static final int FST = FLOAT_MOVE + 1;
    public static final int FSTP = FLOAT_MOVE + 2;
    public static final int FXCH = FLOAT_MOVE + 3;
    public static final int FILD = FLOAT_MOVE + 4;
    public static final int FIST = FLOAT_MOVE + 5;
    public static final int FISTP = FLOAT_MOVE + 6;
    public static final int FBLD = FLOAT_MOVE + 7;
    public static final int FBSTP = FLOAT_MOVE + 8;
    public static final int FFREE = FLOAT_MOVE + 9;
    public static final int FFREEP = FLOAT_MOVE + 10;
    public static final int FINCSTP = FLOAT_MOVE + 11;
    public static final int FDECSTP = FLOAT_MOVE + 12;
    public static final int FLD1 = FLOAT_MOVE + 13;
    public static final int FLDL2T = FLOAT_MOVE + 14;
    public static final int FLDL2E = FLOAT_MOVE + 15;
    public static final int FLDPI = FLOAT_MOVE + 16;
    public static final int FLDLG2 = FLOAT_MOVE + 17;
    public static final int FLDLN2 = FLOAT_MOVE + 18;
    public static final int FLDZ = FLOAT_MOVE + 19;
    public static final int FCMOVB = FLOAT_MOVE + 20;
    public static final int FCMOVE = FLOAT_MOVE + 21;
    public static final int FCMOVBE = FLOAT_MOVE + 22;
    public static final int FCMOVU = FLOAT_MOVE + 23;
    public static final int FCMOVNB = FLOAT_MOVE + 24;
    public static final int FCMOVNE = FLOAT_MOVE + 25;
    public static final int FCMOVNBE = FLOAT_MOVE + 26;
    public static final int FCMOVNU = FLOAT_MOVE + 27;
    public static final int FSTP_1 = FLOAT_MOVE + 28;
    public static final int FSTP_2 = FLOAT_MOVE + 29;
    public static final int FSTP_3 = FLOAT_MOVE + 30;
    public static final int FXCH_1 = FLOAT_MOVE + 31;
    public static final int FXCH_2 = FLOAT_MOVE + 32;

    public static final int FLOAT_FUNCTION = 12 << GROUP_SHIFT;
    public static final int FCHS = FLOAT_FUNCTION;
    public static final int FABS = FLOAT_FUNCTION + 1;
    public static final int FSQRT = FLOAT_FUNCTION + 2;
    public static final int FRNDINT = FLOAT_FUNCTION + 3;
    public static final int FSCALE = FLOAT_FUNCTION + 4;
    public static final int FXTRACT = FLOAT_FUNCTION + 5;
    public static final int FPREM = FLOAT_FUNCTION + 6;
    public static final int FPREM1 = FLOAT_FUNCTION + 7;
    public static final int F2XM1 = FLOAT_FUNCTION + 8;
    public static final int FYL2X = FLOAT_FUNCTION + 9;
    public static final int FYL2XP1 = FLOAT_FUNCTION + 10;
    public static final int FPTAN = FLOAT_FUNCTION + 11;
    public static final int FPATAN = FLOAT_FUNCTION + 12;
    public static final int FSIN = FLOAT_FUNCTION + 13;
    public static final int FCOS = FLOAT_FUNCTION + 14;
    public static final int FSINCOS = FLOAT_FUNCTION + 15;

    public static final int FLOAT_CONTROL = 13 << GROUP_SHIFT;
    public static final int FWAIT = FLOAT_CONTROL;
    public static final int FNOP = FLOAT_CONTROL + 1;
    public static final int FNINIT = FLOAT_CONTROL + 2;
    public static final int FNCLEX = FLOAT_CONTROL + 3;
    public static final int FLDCW = FLOAT_CONTROL + 4;
    public static final int FNSTCW = FLOAT_CONTROL + 5;
    public static final int FNSTSW = FLOAT_CONTROL + 6;
    public static final int FLDENV = FLOAT_CONTROL + 7;
    public static final int FNSTENV = FLOAT_CONTROL + 8;
    public static final int FRSTOR = FLOAT_CONTROL + 9;
    public static final int FNSAVE = FLOAT_CONTROL + 10;
    public static final int FXSAVE = FLOAT_CONTROL + 11;
    public static final int FXRSTOR = FLOAT_CONTROL + 12;

    /** What the 8087 and the 287 had and the 387 takes for nothing to do. */
    public static final int FNENI = FLOAT_CONTROL + 13;

    public static final int FNDISI = FLOAT_CONTROL + 14;
    public static final int FNSETPM = FLOAT_CONTROL + 15;

    /**
     * Two operands of the same lanes, of 64 or 128 bits, that give a third: integers, or just bits.
     */
    public static final int PACKED_INTEGER = 14 << GROUP_SHIFT;

    public static final int PADDB = PACKED_INTEGER;
    public static final int PADDW = PACKED_INTEGER + 1;
    public static final int PADDD = PACKED_INTEGER + 2;
    public static final int PADDQ = PACKED_INTEGER + 3;
    public static final int PSUBB = PACKED_INTEGER + 4;
    public static final int PSUBW = PACKED_INTEGER + 5;
    public static final int PSUBD = PACKED_INTEGER + 6;
    public static final int PSUBQ = PACKED_INTEGER + 7;
    public static final int PADDSB = PACKED_INTEGER + 8;
    public static final int PADDSW = PACKED_INTEGER + 9;
    public static final int PADDUSB = PACKED_INTEGER + 10;
    public static final int PADDUSW = PACKED_INTEGER + 11;
    public static final int PSUBSB = PACKED_INTEGER + 12;
    public static final int PSUBSW = PACKED_INTEGER + 13;
    public static final int PSUBUSB = PACKED_INTEGER + 14;
    public static final int PSUBUSW = PACKED_INTEGER + 15;
    public static final int PCMPEQB = PACKED_INTEGER + 16;
    public static final int PCMPEQW = PACKED_INTEGER + 17;
    public static final int PCMPEQD = PACKED_INTEGER + 18;
    public static final int PCMPGTB = PACKED_INTEGER + 19;
    public static final int PCMPGTW = PACKED_INTEGER + 20;
    public static final int PCMPGTD = PACKED_INTEGER + 21;
    public static final int PMULLW = PACKED_INTEGER + 22;
    public static final int PMULHW = PACKED_INTEGER + 23;
    public static final int PMULHUW = PACKED_INTEGER + 24;
    public static final int PMULUDQ = PACKED_INTEGER + 25;
    public static final int PMADDWD = PACKED_INTEGER + 26;
    public static final int PSADBW = PACKED_INTEGER + 27;
    public static final int PAVGB = PACKED_INTEGER + 28;
    public static final int PAVGW = PACKED_INTEGER + 29;
    public static final int PMINUB = PACKED_INTEGER + 30;
    public static final int PMAXUB = PACKED_INTEGER + 31;
    public static final int PMINSW = PACKED_INTEGER + 32;
    public static final int PMAXSW = PACKED_INTEGER + 33;
    public static final int PAND = PACKED_INTEGER + 34;
    public static final int PANDN = PACKED_INTEGER + 35;
    public static final int POR = PACKED_INTEGER + 36;
    public static final int PXOR = PACKED_INTEGER + 37;
    public static final int ANDPS = PACKED_INTEGER + 38;
    public static final int ANDNPS = PACKED_INTEGER + 39;
    public static final int ORPS = PACKED_INTEGER + 40;
    public static final int XORPS = PACKED_INTEGER + 41;
    public static final int ANDPD = PACKED_INTEGER + 42;
    public static final int ANDNPD = PACKED_INTEGER + 43;
    public static final int ORPD = PACKED_INTEGER + 44;
    public static final int XORPD = PACKED_INTEGER + 45;

    // From here on, lanes change places.
    public static final int PUNPCKLBW = PACKED_INTEGER + 46;
    public static final int PUNPCKLWD = PACKED_INTEGER + 47;
    public static final int PUNPCKLDQ = PACKED_INTEGER + 48;
    public static final int PUNPCKLQDQ = PACKED_INTEGER + 49;
    public static final int PUNPCKHBW = PACKED_INTEGER + 50;
    public static final int PUNPCKHWD = PACKED_INTEGER + 51;
    public static final int PUNPCKHDQ = PACKED_INTEGER + 52;
    public static final int PUNPCKHQDQ = PACKED_INTEGER + 53;
    public static final int PACKSSWB = PACKED_INTEGER + 54;
    public static final int PACKSSDW = PACKED_INTEGER + 55;
    public static final int PACKUSWB = PACKED_INTEGER + 56;
    public static final int UNPCKLPS = PACKED_INTEGER + 57;
    public static final int UNPCKHPS = PACKED_INTEGER + 58;
    public static final int UNPCKLPD = PACKED_INTEGER + 59;
    public static final int UNPCKHPD = PACKED_INTEGER + 60;

    /** What moves bits or lanes about within a register, by a count or an immediate pattern. */
    public static final int PACKED_SHIFT = 15 << GROUP_SHIFT;

    public static final int PSRLW = PACKED_SHIFT;
    public static final int PSRLD = PACKED_SHIFT + 1;
    public static final int PSRLQ = PACKED_SHIFT + 2;
    public static final int PSRAW = PACKED_SHIFT + 3;
    public static final int PSRAD = PACKED_SHIFT + 4;
    public static final int PSLLW = PACKED_SHIFT + 5;
    public static final int PSLLD = PACKED_SHIFT + 6;
    public static final int PSLLQ = PACKED_SHIFT + 7;
    public static final int PSRLDQ = PACKED_SHIFT + 8;
    public static final int PSLLDQ = PACKED_SHIFT + 9;
    public static final int PSHUFW = PACKED_SHIFT + 10;
    public static final int PSHUFD = PACKED_SHIFT + 11;
    public static final int PSHUFHW = PACKED_SHIFT + 12;
    public static final int PSHUFLW = PACKED_SHIFT + 13;
    public static final int SHUFPS = PACKED_SHIFT + 14;
    public static final int SHUFPD = PACKED_SHIFT + 15;
    public static final int PINSRW = PACKED_SHIFT + 16;
    public static final int PEXTRW = PACKED_SHIFT + 17;

    /** Moves from and to MMX and XMM registers. */
    public static final int PACKED_MOVE = 16 << GROUP_SHIFT;

    public static final int MOVD = PACKED_MOVE;
    public static final int MOVD_FROM = PACKED_MOVE + 1;
    public static final int MOVQ = PACKED_MOVE + 2;
    public static final int MOVQ_XMM = PACKED_MOVE + 3;
    public static final int MOVAPS = PACKED_MOVE + 4;
    public static final int MOVAPD = PACKED_MOVE + 5;
    public static final int MOVDQA = PACKED_MOVE + 6;
    public static final int MOVUPS = PACKED_MOVE + 7;
    public static final int MOVUPD = PACKED_MOVE + 8;
    public static final int MOVDQU = PACKED_MOVE + 9;
    public static final int MOVNTPS = PACKED_MOVE + 10;
    public static final int MOVNTPD = PACKED_MOVE + 11;
    public static final int MOVNTDQ = PACKED_MOVE + 12;
    public static final int MOVNTQ = PACKED_MOVE + 13;
    public static final int MOVNTI = PACKED_MOVE + 14;
    public static final int MOVSS = PACKED_MOVE + 15;
    public static final int MOVSD = PACKED_MOVE + 16;
    public static final int MOVLPS = PACKED_MOVE + 17;
    public static final int MOVLPD = PACKED_MOVE + 18;
    public static final int MOVHPS = PACKED_MOVE + 19;
    public static final int MOVHPD = PACKED_MOVE + 20;
    public static final int MOVHLPS = PACKED_MOVE + 21;
    public static final int MOVLHPS = PACKED_MOVE + 22;
    public static final int MOVQ2DQ = PACKED_MOVE + 23;
    public static final int MOVDQ2Q = PACKED_MOVE + 24;
    public static final int MOVMSKPS = PACKED_MOVE + 25;
    public static final int MOVMSKPD = PACKED_MOVE + 26;
    public static final int PMOVMSKB = PACKED_MOVE + 27;
    public static final int MASKMOVQ = PACKED_MOVE + 28;
    public static final int MASKMOVDQU = PACKED_MOVE + 29;

    /**
     * Floating-point arithmetic of SSE and SSE2. The low two bits of the first eight operations
     * tell the type: packed single, packed double, scalar single, scalar double.
     */
    public static final int PACKED_FLOAT = 17 << GROUP_SHIFT;

    public static final int ADDPS = PACKED_FLOAT;
    public static final int ADDPD = PACKED_FLOAT + 1;
    public static final int ADDSS = PACKED_FLOAT + 2;
    public static final int ADDSD = PACKED_FLOAT + 3;
    public static final int MULPS = PACKED_FLOAT + 4;
    public static final int MULPD = PACKED_FLOAT + 5;
    public static final int MULSS = PACKED_FLOAT + 6;
    public static final int MULSD = PACKED_FLOAT + 7;
    public static final int SUBPS = PACKED_FLOAT + 8;
    public static final int SUBPD = PACKED_FLOAT + 9;
    public static final int SUBSS = PACKED_FLOAT + 10;
    public static final int SUBSD = PACKED_FLOAT + 11;
    public static final int DIVPS = PACKED_FLOAT + 12;
    public static final int DIVPD = PACKED_FLOAT + 13;
    public static final int DIVSS = PACKED_FLOAT + 14;
    public static final int DIVSD = PACKED_FLOAT + 15;
    public static final int SQRTPS = PACKED_FLOAT + 16;
    public static final int SQRTPD = PACKED_FLOAT + 17;
    public static final int SQRTSS = PACKED_FLOAT + 18;
    public static final int SQRTSD = PACKED_FLOAT + 19;
    public static final int MINPS = PACKED_FLOAT + 20;
    public static final int MINPD = PACKED_FLOAT + 21;
    public static final int MINSS = PACKED_FLOAT + 22;
    public static final int MINSD = PACKED_FLOAT + 23;
    public static final int MAXPS = PACKED_FLOAT + 24;
    public static final int MAXPD = PACKED_FLOAT + 25;
    public static final int MAXSS = PACKED_FLOAT + 26;
    public static final int MAXSD = PACKED_FLOAT + 27;
    public static final int CMPPS = PACKED_FLOAT + 28;
    public static final int CMPPD = PACKED_FLOAT + 29;
    public static final int CMPSS = PACKED_FLOAT + 30;
    public static final int CMPSD = PACKED_FLOAT + 31;
    public static final int RCPPS = PACKED_FLOAT + 32;
    public static final int RCPSS = PACKED_FLOAT + 33;
    public static final int RSQRTPS = PACKED_FLOAT + 34;
    public static final int RSQRTSS = PACKED_FLOAT + 35;
    public static final int COMISS = PACKED_FLOAT + 36;
    public static final int COMISD = PACKED_FLOAT + 37;
    public static final int UCOMISS = PACKED_FLOAT + 38;
    public static final int UCOMISD = PACKED_FLOAT + 39;

    /** Conversions of SSE and SSE2. */
    public static final int PACKED_CONVERSION = 18 << GROUP_SHIFT;

    public static final int CVTPI2PS = PACKED_CONVERSION;
    public static final int CVTPI2PD = PACKED_CONVERSION + 1;
    public static final int CVTSI2SS = PACKED_CONVERSION + 2;
    public static final int CVTSI2SD = PACKED_CONVERSION + 3;
    public static final int CVTDQ2PS = PACKED_CONVERSION + 4;
    public static final int CVTDQ2PD = PACKED_CONVERSION + 5;
    public static final int CVTPS2PD = PACKED_CONVERSION + 6;
    public static final int CVTPD2PS = PACKED_CONVERSION + 7;
    public static final int CVTSS2SD = PACKED_CONVERSION + 8;
    public static final int CVTSD2SS = PACKED_CONVERSION + 9;
    public static final int CVTPS2PI = PACKED_CONVERSION + 10;
    public static final int CVTTPS2PI = PACKED_CONVERSION + 11;
    public static final int CVTPD2PI = PACKED_CONVERSION + 12;
    public static final int CVTTPD2PI = PACKED_CONVERSION + 13;
    public static final int CVTSS2SI = PACKED_CONVERSION + 14;
    public static final int CVTTSS2SI = PACKED_CONVERSION + 15;
    public static final int CVTSD2SI = PACKED_CONVERSION + 16;
    public static final int CVTTSD2SI = PACKED_CONVERSION + 17;
    public static final int CVTPS2DQ = PACKED_CONVERSION + 18;
    public static final int CVTTPS2DQ = PACKED_CONVERSION + 19;
    public static final int CVTPD2DQ = PACKED_CONVERSION + 20;
    public static final int CVTTPD2DQ = PACKED_CONVERSION + 21;

    /** Control of MMX and SSE, and what SSE brought for caches and ordering. */
    public static final int SIMD_STATE = 19 << GROUP_SHIFT;

    public static final int EMMS = SIMD_STATE;
    public static final int LDMXCSR = SIMD_STATE + 1;
    public static final int STMXCSR = SIMD_STATE + 2;
    public static final int SFENCE = SIMD_STATE + 3;
    public static final int LFENCE = SIMD_STATE + 4;
    public static final int MFENCE = SIMD_STATE + 5;
    public static final int CLFLUSH = SIMD_STATE + 6;
    public static final int PREFETCHNTA = SIMD_STATE + 7;
    public static final int PREFETCHT0 = SIMD_STATE + 8;
    public static final int PREFETCHT1 = SIMD_STATE + 9;
    public static final int PREFETCHT2 = SIMD_STATE + 10;

    /** One more than the highest operation. */
    public static final int LIMIT = 20 << GROUP_SHIFT;

    private static final String[] CONDITIONS = {
        "O", "NO", "B", "AE", "E", "NE", "BE", "A", "S", "NS", "P", "NP", "L", "GE", "LE", "G"
    };

    private static final Map<String, Integer> BY_NAME = new TreeMap<>();
    private static final String[] NAMES = new String[LIMIT];

    static {
        for (Field field : Op.class.getFields()) {
            switch (field.getName()) {
                case "GROUP_SHIFT",
                        "LIMIT",
                        "ARITHMETIC",
                        "MOVE",
                        "STACK",
                        "BRANCH",
                        "FAR",
                        "SHIFT" -> {}
                case "MULTIPLY", "BITS", "STRING", "SYSTEM" -> {}
                case "FLOAT_ARITHMETIC", "FLOAT_MOVE", "FLOAT_FUNCTION", "FLOAT_CONTROL" -> {}
                case "PACKED_INTEGER", "PACKED_SHIFT", "PACKED_MOVE", "PACKED_FLOAT" -> {}
                case "PACKED_CONVERSION", "SIMD_STATE" -> {}
                case "JCC", "SETCC", "CMOVCC" -> {
                    for (int condition = 0; condition < 16; condition++) {
                        name(
                                field.getName().replace("CC", CONDITIONS[condition]),
                                value(field) + condition);
                    }
                }
                default -> name(field.getName(), value(field));
            }
        }
    }

    private static void name(String name, int op) {
        if (NAMES[op] != null) {
            throw new IllegalStateException(name + " and " + NAMES[op] + " have one number");
        }
        NAMES[op] = name;
        BY_NAME.put(name, op);
    }

    private static int value(Field field) {
        try {
            return field.getInt(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The operation of this name, such as {@code "MOV_SEG"} or {@code "JNE"}. */
    public static int named(String name) {
        Integer op = BY_NAME.get(name);
        if (op == null) {
            throw new IllegalArgumentException("no operation is named " + name);
        }
        return op;
    }

    /** The operation's name. */
    public static String name(int op) {
        return NAMES[op];
    }

    /** All operations by name. */
    public static Map<String, Integer> all() {
        return Map.copyOf(BY_NAME);
    }
}
