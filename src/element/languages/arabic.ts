import type { TrackerWords } from './words.ts';

/** Arabic's plural forms: one, two, three to ten, and from eleven on. */
function persons(count: number): string {
  if (count === 0) return 'لا أشخاص';
  if (count === 1) return 'شخص واحد';
  if (count === 2) return 'شخصان';
  const rest = count % 100;
  return rest >= 3 && rest <= 10 ? `${count} أشخاص` : `${count} شخصًا`;
}

/** Arabic, from right to left. */
export const arabic: TrackerWords = {
  language: 'ar',
  direction: 'rtl',
  drop: 'أفلت مقطع فيديو هنا',
  release: 'أفلت للبدء',
  choose: 'اختيار فيديو',
  start: 'البحث عن الأشخاص',
  stop: 'إيقاف',
  again: 'المحاولة مرة أخرى',
  another: 'فيديو آخر',
  privacy: 'يبقى الفيديو على هذا الجهاز.',
  stages: {
    waiting: 'بانتظار الفيديو السابق',
    'needs-permission': 'بانتظار إذنك لقراءة الفيديو',
    opening: 'جارٍ فتح الفيديو',
    'loading-model': 'جارٍ التحضير للبحث عن الأشخاص',
    tracking: 'جارٍ تتبّع الأشخاص',
    refining: 'جارٍ وصل المسارات',
    done: 'تم',
  },
  progress: 'التقدّم',
  peopleSoFar: (count) => `حتى الآن: ${persons(count)}`,
  people: persons,
  minutesLeft: (minutes) => {
    if (minutes === 1) return 'بقيت دقيقة تقريبًا';
    if (minutes === 2) return 'بقيت دقيقتان تقريبًا';
    return minutes <= 10 ? `بقيت ${minutes} دقائق تقريبًا` : `بقيت ${minutes} دقيقة تقريبًا`;
  },
  failed: 'تعذّر تحليل هذا الفيديو',
  stopped: 'متوقّف',
  notShown: 'لا يمكن عرض الفيديو هنا، أما المسارات فمعروضة.',
};
